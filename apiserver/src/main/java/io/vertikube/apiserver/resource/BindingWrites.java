package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.Operation;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.FieldError;
import io.vertikube.object.Gvk;
import io.vertikube.object.Gvr;
import java.util.List;

/** {@code pods/binding}: a pod gets its node, once. Runs on virtual threads, safe for any. */
final class BindingWrites {

    static final Gvk BINDING = new Gvk("", "v1", "Binding");
    private static final Gvr SHOWN = new Gvr("", "v1", "pods/binding");

    private final WritePipeline pipeline;
    private final Attempts attempts;

    BindingWrites(WritePipeline pipeline, Attempts attempts) {
        this.pipeline = pipeline;
        this.attempts = attempts;
    }

    /**
     * @param write about the pod
     * @param binding the decoded Binding
     */
    void bind(Write write, ObjectNode binding) {
        String kind = Trees.text(binding, "target", "kind");
        String node = Trees.text(binding, "target", "name");
        if (!kind.isEmpty() && !kind.equals("Node")) {
            throw invalid(write, FieldError.notSupported("target.kind", kind, List.of("Node", "<empty>")));
        }
        if (node.isEmpty()) {
            throw invalid(write, FieldError.required("target.name", ""));
        }
        Placement.check(write, binding);
        var request = write.admission(Operation.CREATE, BINDING, binding, null);
        pipeline.admission().mutate(request);
        pipeline.admission().validate(request);
        attempts.onCurrent(write, stored -> {
            ObjectNode pod = stored.tree();
            check(write, stored, pod, binding);
            assign(write, pod, binding, node);
            if (!write.options().dryRun()) {
                pipeline.storage().update(write.key(), stored.revision(), pod);
            }
            return pod;
        });
    }

    private static void check(Write write, StoredObject stored, ObjectNode pod, ObjectNode binding) {
        String uid = SystemFields.text(binding, "uid");
        if (!uid.isEmpty() && !uid.equals(stored.uid())) {
            throw conflict(
                    write,
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + stored.uid());
        }
        if (pod.path("metadata").has("deletionTimestamp")) {
            throw conflict(write, "pod " + write.name() + " is being deleted, cannot be assigned to a host");
        }
        String assigned = Trees.text(pod, "spec", "nodeName");
        if (!assigned.isEmpty()) {
            throw conflict(write, "pod " + write.name() + " is already assigned to node \"" + assigned + "\"");
        }
        if (!pod.path("spec").path("schedulingGates").isEmpty()) {
            throw conflict(write, "pod " + write.name() + " has non-empty .spec.schedulingGates");
        }
    }

    private static void assign(Write write, ObjectNode pod, ObjectNode binding, String node) {
        Trees.object(pod, "spec").put("nodeName", node);
        Trees.strings(binding.path("metadata").path("annotations"))
                .forEach((key, value) ->
                        Trees.object(SystemFields.metadata(pod), "annotations").put(key, value));
        var conditions = Trees.array(Trees.object(pod, "status"), "conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            if (conditions.get(i).path("type").asText().equals("PodScheduled")) {
                conditions.remove(i);
            }
        }
        ObjectNode condition = conditions.addObject();
        condition.put("type", "PodScheduled");
        condition.put("status", "True");
        condition.putNull("lastProbeTime");
        condition.put("lastTransitionTime", SystemFields.time(write.now()));
    }

    private static ApiException conflict(Write write, String why) {
        return ApiErrors.conflict(SHOWN, write.name(), why);
    }

    private static ApiException invalid(Write write, FieldError error) {
        return ApiErrors.invalid(BINDING, write.name(), List.of(error));
    }
}
