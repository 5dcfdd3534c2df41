package io.vertikube.apiserver.authz;

import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.Snapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node's agent may do ("Using Node Authorization" in the Kubernetes documentation): the rules of the role
 * {@code system:node}, but secrets, config maps, claims and service accounts only if a pod on that node uses them, and
 * of leases only its own. Never blocks; safe for any thread.
 */
public final class NodeAuthorizer implements Authorizer {

    private static final Set<String> REFERENCED =
            Set.of("secrets", "configmaps", "persistentvolumeclaims", "persistentvolumes", "serviceaccounts");

    private record State(Map<String, PodReferences> pods, Map<String, Set<String>> byNode) {}

    private final ObjectStorage storage;
    private final List<PolicyRule> nodeRules;
    private final ParsedObjects<PodReferences> pods = new ParsedObjects<>("/registry/core/pods/", PodReferences::of);
    private final ParsedObjects<VolumeReferences> volumes =
            new ParsedObjects<>("/registry/core/persistentvolumes/", VolumeReferences::of);
    private volatile @Nullable State state;

    /** The rules are those of the role {@code system:node}. */
    public NodeAuthorizer(ObjectStorage storage, List<PolicyRule> nodeRules) {
        this.storage = storage;
        this.nodeRules = List.copyOf(nodeRules);
    }

    @Override
    public Decision authorize(Attributes a) {
        String node = Authorizers.nodeName(a.user());
        if (node.isEmpty()) {
            return new Decision.NoOpinion("");
        }
        if (a.resourceRequest() && a.group().isEmpty() && REFERENCED.contains(a.resource())) {
            return referenced(a, node);
        }
        if (a.resourceRequest() && isOwnLease(a)) {
            return ownLease(a, node);
        }
        if (a.resourceRequest()
                && a.group().equals("storage.k8s.io")
                && a.resource().equals("csinodes")) {
            return own(a, node, Set.of("get", "create", "update", "patch", "delete"));
        }
        return nodeRules.stream().anyMatch(rule -> rule.allows(a))
                ? new Decision.Allow("role system:node")
                : new Decision.NoOpinion("");
    }

    private Decision referenced(Attributes a, String node) {
        Set<String> verbs =
                switch (a.resource()) {
                    case "serviceaccounts" -> a.subresource().equals("token") ? Set.of("create") : Set.of("get");
                    case "persistentvolumeclaims" ->
                        a.subresource().equals("status") ? Set.of("get", "update", "patch") : Set.of("get");
                    case "persistentvolumes" -> Set.of("get");
                    default -> Set.of("get", "list", "watch");
                };
        boolean subresourceFine = a.subresource().isEmpty()
                || (a.resource().equals("serviceaccounts") && a.subresource().equals("token"))
                || (a.resource().equals("persistentvolumeclaims")
                        && a.subresource().equals("status"));
        if (!verbs.contains(a.verb()) || !subresourceFine) {
            return new Decision.NoOpinion("a node may only "
                    + String.join(", ", verbs.stream().sorted().toList()) + " " + a.resource() + " of its own pods");
        }
        if (a.name().isEmpty()) {
            return new Decision.NoOpinion("a node may not read all " + a.resource() + ", only those its pods name");
        }
        boolean related = a.resource().equals("persistentvolumes")
                ? boundVolume(node, a.name())
                : namesOn(node).contains(a.namespace() + "/" + a.resource() + "/" + a.name())
                        || (a.resource().equals("secrets") && secretOfVolume(node, a.namespace() + "/" + a.name()));
        return related
                ? new Decision.Allow("used by a pod on node " + node)
                : new Decision.NoOpinion("no relationship found between node '" + node + "' and this object");
    }

    /** That there is no such volume may be told to every node: whoever keeps its folder must learn when to remove it. */
    private boolean boundVolume(String node, String volume) {
        Snapshot snapshot = storage.snapshot(Read.any());
        var found = snapshot.get("/registry/core/persistentvolumes/" + volume);
        return found.isEmpty()
                || found.map(stored -> stored.tree().path("spec").path("claimRef"))
                        .map(claim -> claim.path("namespace").asText() + "/persistentvolumeclaims/"
                                + claim.path("name").asText())
                        .filter(namesOn(node)::contains)
                        .isPresent();
    }

    /** Secrets that a volume's driver needs are named by the volume, not by the pod. */
    private boolean secretOfVolume(String node, String secret) {
        Set<String> names = namesOn(node);
        return volumes.read(storage.snapshot(Read.any())).values().stream()
                .anyMatch(volume -> volume.secrets().contains(secret) && names.contains(volume.claim()));
    }

    private static boolean isOwnLease(Attributes a) {
        return a.group().equals("coordination.k8s.io") && a.resource().equals("leases");
    }

    private static Decision ownLease(Attributes a, String node) {
        return a.namespace().equals("kube-node-lease")
                ? own(a, node, Set.of("get", "create", "update", "patch", "delete"))
                : new Decision.NoOpinion("a node may only use its lease in the namespace kube-node-lease");
    }

    private static Decision own(Attributes a, String node, Set<String> verbs) {
        boolean itself =
                a.name().equals(node) || (a.verb().equals("create") && a.name().isEmpty());
        return verbs.contains(a.verb()) && itself && a.subresource().isEmpty()
                ? new Decision.Allow("its own")
                : new Decision.NoOpinion("a node may only use " + a.resource() + " of its own name");
    }

    private Set<String> namesOn(String node) {
        Map<String, PodReferences> now = pods.read(storage.snapshot(Read.any()));
        @Nullable State last = state;
        if (last == null || !isSame(last.pods, now)) {
            var byNode = new HashMap<String, Set<String>>();
            for (PodReferences pod : now.values()) {
                if (!pod.node().isEmpty()) {
                    Set<String> names = byNode.computeIfAbsent(pod.node(), k -> new HashSet<>());
                    pod.names().forEach(name -> names.add(pod.namespace() + "/" + name));
                }
            }
            last = new State(now, byNode);
            state = last;
        }
        return last.byNode.getOrDefault(node, Set.of());
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged source is the very same map
    private static boolean isSame(Map<String, PodReferences> left, Map<String, PodReferences> right) {
        return left == right;
    }
}
