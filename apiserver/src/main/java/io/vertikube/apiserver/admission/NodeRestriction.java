package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvr;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node's agent writes about itself and the pods it runs, nothing else ("NodeRestriction" in the Kubernetes
 * documentation): a node that is taken over must not take over others.
 */
final class NodeRestriction implements AdmissionPlugin {

    private static final String USER_PREFIX = "system:node:";

    private final Stored stored;
    private final NodeMirrors mirrors;

    NodeRestriction(ObjectStorage storage) {
        this.stored = new Stored(storage);
        this.mirrors = new NodeMirrors(stored);
    }

    @Override
    public String name() {
        return "NodeRestriction";
    }

    @Override
    public void validate(AdmissionRequest request) {
        UserInfo user = request.user();
        if (!user.in("system:nodes")) {
            return;
        }
        if (!user.name().startsWith(USER_PREFIX)) {
            throw refuse(request, "could not determine node from user \"" + user.name() + "\"");
        }
        String node = user.name().substring(USER_PREFIX.length());
        if (request.isForAnyPartOf("", "pods")) {
            pod(request, node);
        } else if (request.isForAnyPartOf("", "nodes")) {
            node(request, node);
        } else if (request.isFor("coordination.k8s.io", "leases") || request.isFor("storage.k8s.io", "csinodes")) {
            if (!request.name().equals(node)) {
                throw refuse(
                        request,
                        "node \"" + node + "\" is not allowed to write the "
                                + request.type().singular() + " of another node");
            }
        } else if (request.type().plural().equals("serviceaccounts")
                && request.subresource().equals("token")) {
            token(request, node);
        }
    }

    private void pod(AdmissionRequest request, String node) {
        @Nullable ObjectNode pod = request.object();
        @Nullable ObjectNode old = request.oldObject();
        switch (request.subresource()) {
            case "" -> {
                if (request.operation() == Operation.CREATE && pod != null) {
                    mirrors.demand(request, node, pod);
                } else if (request.operation() == Operation.DELETE && old != null) {
                    demandOwn(request, node, old, "delete");
                } else if (request.operation() == Operation.UPDATE) {
                    throw refuse(request, "node \"" + node + "\" may not update pods, only their status");
                }
            }
            case "status" -> {
                if (old != null) {
                    demandOwn(request, node, old, "update status for");
                }
                if (old != null
                        && pod != null
                        && !old.path("metadata")
                                .path("labels")
                                .equals(pod.path("metadata").path("labels"))) {
                    throw refuse(request, "node \"" + node + "\" cannot update labels through pod status");
                }
            }
            case "eviction" ->
                stored.tree("/registry/core/pods/" + request.namespace() + "/" + request.name())
                        .ifPresent(target -> demandOwn(request, node, target, "evict"));
            default -> throw refuse(request, "node \"" + node + "\" may not use pods/" + request.subresource());
        }
    }

    static void demandOwn(AdmissionRequest request, String node, ObjectNode pod, String verb) {
        if (!pod.path("spec").path("nodeName").asText("").equals(node)) {
            throw refuse(request, "node \"" + node + "\" can only " + verb + " pods with spec.nodeName set to itself");
        }
    }

    private static void node(AdmissionRequest request, String node) {
        if (!request.name().equals(node)) {
            throw refuse(request, "node \"" + node + "\" is not allowed to modify node \"" + request.name() + "\"");
        }
        @Nullable ObjectNode now = request.object();
        if (now == null) {
            return;
        }
        if (!Trees.at(now, "spec", "configSource").isMissingNode()) {
            throw refuse(request, "node \"" + node + "\" may not set its own spec.configSource");
        }
        @Nullable ObjectNode old = request.oldObject();
        Map<String, String> before =
                old == null ? Map.of() : Trees.strings(old.path("metadata").path("labels"));
        Map<String, String> after = Trees.strings(now.path("metadata").path("labels"));
        for (Map.Entry<String, String> label : after.entrySet()) {
            boolean changed = !Objects.equals(before.get(label.getKey()), label.getValue());
            if (changed && restricted(label.getKey())) {
                throw refuse(request, "is not allowed to modify labels: " + label.getKey());
            }
        }
        if (old != null) {
            if (!same(old.path("spec").path("taints"), now.path("spec").path("taints"))) {
                throw refuse(request, "node \"" + node + "\" is not allowed to modify taints");
            }
            if (!same(
                    old.path("metadata").path("ownerReferences"),
                    now.path("metadata").path("ownerReferences"))) {
                throw refuse(request, "node \"" + node + "\" is not allowed to modify its own owner references");
            }
        } else if (!now.path("metadata").path("ownerReferences").isEmpty()) {
            throw refuse(request, "node \"" + node + "\" is not allowed to set owner references on itself");
        }
    }

    /** A token is for a pod that runs there, and for that one alone. */
    private void token(AdmissionRequest request, String node) {
        JsonNode reference = Trees.at(request.shown(), "spec", "boundObjectRef");
        String pod = reference.path("name").asText("");
        if (!reference.path("kind").asText("").equals("Pod")
                || !reference.path("apiVersion").asText("").equals("v1")
                || pod.isEmpty()) {
            throw refuse(request, "node requested token not bound to a pod");
        }
        String uid = reference.path("uid").asText("");
        if (uid.isEmpty()) {
            throw refuse(request, "node requested token with a pod binding without a uid");
        }
        ObjectNode bound = stored.tree("/registry/core/pods/" + request.namespace() + "/" + pod)
                .orElseThrow(() -> ApiErrors.notFound(new Gvr("", "v1", "pods"), pod));
        String actual = Trees.text(bound, "metadata", "uid");
        if (!uid.equals(actual)) {
            throw refuse(
                    request,
                    "the UID in the bound object reference (" + uid + ") does not match the UID in record (" + actual
                            + "). The object might have been deleted and then recreated");
        }
        if (!Trees.text(bound, "spec", "nodeName").equals(node)) {
            throw refuse(request, "node requested token bound to a pod scheduled on a different node");
        }
    }

    private static boolean same(JsonNode left, JsonNode right) {
        return left.equals(right) || (left.isEmpty() && right.isEmpty());
    }

    /** Labels that say what kind of node this is are for administrators. */
    private static boolean restricted(String key) {
        int slash = key.indexOf('/');
        String prefix = slash < 0 ? "" : key.substring(0, slash);
        if (prefix.equals("node-restriction.kubernetes.io") || prefix.endsWith(".node-restriction.kubernetes.io")) {
            return true;
        }
        boolean ours = prefix.equals("kubernetes.io")
                || prefix.endsWith(".kubernetes.io")
                || prefix.equals("k8s.io")
                || prefix.endsWith(".k8s.io");
        boolean agents = prefix.equals("kubelet.kubernetes.io")
                || prefix.endsWith(".kubelet.kubernetes.io")
                || prefix.equals("node.kubernetes.io")
                || prefix.endsWith(".node.kubernetes.io");
        boolean known = key.equals("kubernetes.io/hostname")
                || key.equals("kubernetes.io/os")
                || key.equals("kubernetes.io/arch")
                || prefix.equals("beta.kubernetes.io")
                || prefix.equals("topology.kubernetes.io")
                || prefix.equals("failure-domain.beta.kubernetes.io");
        return ours && !agents && !known;
    }

    static ApiException refuse(AdmissionRequest request, String why) {
        return ApiErrors.forbidden(request.type().gvr(), request.name(), why);
    }
}
