package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.util.Comparator;
import java.util.Optional;

/** Turns a pod's priority class into its number, and keeps the global default unique. */
final class PriorityAdmission implements AdmissionPlugin {

    private static final String PREFIX = "/registry/scheduling.k8s.io/priorityclasses/";

    private final Stored stored;

    PriorityAdmission(ObjectStorage storage) {
        this.stored = new Stored(storage);
    }

    @Override
    public String name() {
        return "Priority";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (!request.isFor("", "pods")) {
            return;
        }
        if (request.operation() == Operation.CREATE) {
            setPriority(request, Trees.object(request.requireObject(), "spec"));
        } else if (request.operation() == Operation.UPDATE && request.oldObject() != null) {
            keep(Trees.object(request.requireObject(), "spec"), Trees.object(request.oldObject(), "spec"));
        }
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean writes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        if (!writes
                || !request.isFor("scheduling.k8s.io", "priorityclasses")
                || !request.requireObject().path("globalDefault").asBoolean()) {
            return;
        }
        for (ObjectNode other : stored.settings(PREFIX)) {
            String name = Trees.text(other, "metadata", "name");
            if (other.path("globalDefault").asBoolean() && !name.equals(request.name())) {
                throw refuse(
                        request,
                        "PriorityClass " + name + " is already marked as default. Only one default can" + " exist");
            }
        }
    }

    private void setPriority(AdmissionRequest request, ObjectNode spec) {
        String className = spec.path("priorityClassName").asText("");
        Optional<ObjectNode> found = className.isEmpty() ? globalDefault() : stored.setting(PREFIX + className);
        if (found.isEmpty() && !className.isEmpty()) {
            throw refuse(request, "no PriorityClass with name " + className + " was found");
        }
        long value = found.map(c -> c.path("value").asLong()).orElse(0L);
        String policy = found.map(c -> c.path("preemptionPolicy").asText(""))
                .filter(p -> !p.isEmpty())
                .orElse("PreemptLowerPriority");
        if (spec.hasNonNull("priority") && spec.path("priority").asLong() != value) {
            throw refuse(
                    request,
                    "the integer value of priority (" + spec.path("priority").asLong()
                            + ") must not be provided in pod spec; priority admission controller computed " + value
                            + " from the given PriorityClass name");
        }
        if (spec.hasNonNull("preemptionPolicy")
                && !spec.path("preemptionPolicy").asText().equals(policy)) {
            throw refuse(
                    request,
                    "the string value of PreemptionPolicy ("
                            + spec.path("preemptionPolicy").asText()
                            + ") must not be provided in pod spec; priority admission controller computed " + policy
                            + " from the given PriorityClass name");
        }
        found.ifPresent(c -> spec.put("priorityClassName", Trees.text(c, "metadata", "name")));
        spec.put("priority", Math.toIntExact(value));
        spec.put("preemptionPolicy", policy);
    }

    private static void keep(ObjectNode spec, ObjectNode old) {
        for (String field : new String[] {"priority", "preemptionPolicy"}) {
            if (Trees.absent(spec, field)) {
                Trees.keep(spec, old, field);
            }
        }
    }

    private Optional<ObjectNode> globalDefault() {
        return stored.settings(PREFIX).stream()
                .filter(c -> c.path("globalDefault").asBoolean())
                .min(Comparator.comparingLong(c -> c.path("value").asLong()));
    }

    private static ApiException refuse(AdmissionRequest request, String why) {
        return ApiErrors.forbidden(request.type().gvr(), request.name(), why);
    }
}
