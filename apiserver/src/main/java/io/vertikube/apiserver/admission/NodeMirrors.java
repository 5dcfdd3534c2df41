package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authz.PodReferences;
import io.vertikube.apiserver.resource.core.pod.MirrorRules;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Gvr;
import java.util.List;
import java.util.Set;

/**
 * The only pods that a node's agent may create: mirrors of what it runs from files, on itself, owned by its Node, and
 * with nothing in them that would give the node a right to read other objects. Safe for any thread.
 */
final class NodeMirrors {

    private static final List<String> NEVER_REFERRED_TO = List.of("secrets", "configmaps", "persistentvolumeclaims");

    private final Stored stored;

    NodeMirrors(Stored stored) {
        this.stored = stored;
    }

    void demand(AdmissionRequest request, String node, ObjectNode pod) {
        if (!MirrorRules.isMirror(pod)) {
            throw NodeRestriction.refuse(
                    request,
                    "pod does not have \"" + MirrorRules.ANNOTATION + "\" annotation, node \"" + node
                            + "\" can only create mirror pods");
        }
        NodeRestriction.demandOwn(request, node, pod, "create");
        owner(request, node, pod.path("metadata").path("ownerReferences"));
        JsonNode spec = pod.path("spec");
        Set<String> names = PodReferences.names(spec, request.name());
        String can = "node \"" + node + "\" can not create pods that reference ";
        if (names.stream().anyMatch(name -> name.startsWith("serviceaccounts/"))) {
            throw NodeRestriction.refuse(request, can + "a service account");
        }
        for (String plural : NEVER_REFERRED_TO) {
            if (names.stream().anyMatch(name -> name.startsWith(plural + "/"))) {
                throw NodeRestriction.refuse(request, can + plural);
            }
        }
        if (!spec.path("resourceClaims").isEmpty()) {
            throw NodeRestriction.refuse(request, can + "resourceclaims");
        }
        for (JsonNode volume : spec.path("volumes")) {
            for (JsonNode source : volume.path("projected").path("sources")) {
                if (source.has("clusterTrustBundle")) {
                    throw NodeRestriction.refuse(request, can + "clustertrustbundles");
                }
            }
        }
    }

    /** One owner, which is the node as it is now and not one that had its name before. */
    private void owner(AdmissionRequest request, String node, JsonNode owners) {
        if (owners.size() > 1) {
            throw NodeRestriction.refuse(
                    request, "node \"" + node + "\" can only create pods with a single owner reference set to itself");
        }
        JsonNode owner = owners.path(0);
        if (!owner.path("apiVersion").asText("").equals("v1")
                || !owner.path("kind").asText("").equals("Node")
                || !owner.path("name").asText("").equals(node)) {
            throw NodeRestriction.refuse(
                    request, "node \"" + node + "\" can only create pods with an owner reference set to itself");
        }
        if (!owner.path("controller").asBoolean()) {
            throw NodeRestriction.refuse(
                    request,
                    "node \"" + node + "\" can only create pods with a controller owner reference set to itself");
        }
        if (owner.path("blockOwnerDeletion").asBoolean()) {
            throw NodeRestriction.refuse(
                    request, "node \"" + node + "\" must not set blockOwnerDeletion on an owner reference");
        }
        ObjectNode known = stored.tree("/registry/core/nodes/" + node)
                .orElseThrow(() -> ApiErrors.notFound(new Gvr("", "v1", "nodes"), node));
        String uid = Trees.text(known, "metadata", "uid");
        String given = owner.path("uid").asText("");
        if (!uid.equals(given)) {
            throw NodeRestriction.refuse(request, "node " + node + " UID mismatch: expected " + uid + " got " + given);
        }
    }
}
