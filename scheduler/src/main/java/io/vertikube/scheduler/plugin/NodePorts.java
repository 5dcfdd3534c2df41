package io.vertikube.scheduler.plugin;

import io.vertikube.scheduler.snapshot.HostPort;
import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A host port is had once on a node, for each address and protocol. */
final class NodePorts implements Plugin {

    private static final String NAME = "NodePorts";
    private static final Verdict TAKEN =
            Verdict.inTheWay(NAME, "node(s) didn't have free ports for the requested pod ports");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<NodeCheck> check(PodView pod, Snapshot snapshot) {
        List<HostPort> wanted = pod.hostPorts();
        return wanted.isEmpty() ? Optional.empty() : Optional.of(node -> isTaken(node, wanted) ? TAKEN : Verdict.FITS);
    }

    @Override
    public Set<ClusterEvent> wakes() {
        return Set.of(
                ClusterEvent.NODE_ADDED, ClusterEvent.NODE_CHANGED, ClusterEvent.POD_GONE, ClusterEvent.POD_ITSELF);
    }

    private static boolean isTaken(NodeView node, List<HostPort> wanted) {
        return node.pods().stream()
                .flatMap(other -> other.hostPorts().stream())
                .anyMatch(taken -> wanted.stream().anyMatch(taken::collidesWith));
    }
}
