package io.vertikube.scheduler.plugin;

import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A rule of scheduling, named as in Kubernetes. Stateless, safe for any thread. */
public interface Plugin {

    String name();

    /** Why no node at all can do, before nodes are looked at. */
    default Optional<Verdict.Unfit> refusal(PodView pod, Snapshot snapshot) {
        return Optional.empty();
    }

    /** The check of nodes for a pod; empty if the rule has nothing to say about it. */
    default Optional<NodeCheck> check(PodView pod, Snapshot snapshot) {
        return Optional.empty();
    }

    /** How to compare the nodes that are left; empty if the rule has no preference. */
    default Optional<NodeScore> score(PodView pod, Snapshot snapshot, List<NodeView> left) {
        return Optional.empty();
    }

    /** How much its score counts. */
    default int weight() {
        return 1;
    }

    /** What may turn its refusal round. */
    default Set<ClusterEvent> wakes() {
        return Set.of(ClusterEvent.NODE_ADDED, ClusterEvent.NODE_CHANGED, ClusterEvent.POD_ITSELF);
    }
}
