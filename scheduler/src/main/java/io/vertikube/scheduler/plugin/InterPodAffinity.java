package io.vertikube.scheduler.plugin;

import io.vertikube.scheduler.snapshot.AffinityTerm;
import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Pods that want to be near certain others, or far from them ("Inter-pod affinity and anti-affinity"). */
final class InterPodAffinity implements Plugin {

    private static final String NAME = "InterPodAffinity";
    private static final int WEIGHT_OF_REQUIRED = 1;
    private static final Verdict AFFINITY = Verdict.never(NAME, "node(s) didn't match pod affinity rules");
    private static final Verdict ANTI_AFFINITY = Verdict.inTheWay(NAME, "node(s) didn't match pod anti-affinity rules");
    private static final Verdict EXISTING =
            Verdict.inTheWay(NAME, "node(s) didn't satisfy existing pods anti-affinity rules");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int weight() {
        return 2;
    }

    @Override
    public Set<ClusterEvent> wakes() {
        return Set.of(
                ClusterEvent.NODE_ADDED,
                ClusterEvent.NODE_CHANGED,
                ClusterEvent.POD_GONE,
                ClusterEvent.POD_PLACED,
                ClusterEvent.POD_ITSELF,
                ClusterEvent.NAMESPACE_CHANGED);
    }

    @Override
    public Optional<NodeCheck> check(PodView pod, Snapshot snapshot) {
        var existing = new Topology();
        var near = new Topology();
        var far = new Topology();
        boolean asks =
                !(pod.requiredAffinity().isEmpty() && pod.requiredAntiAffinity().isEmpty());
        for (NodeView node : snapshot.nodes()) {
            for (PodView other : node.affinePods()) {
                for (AffinityTerm term : other.requiredAntiAffinity()) {
                    if (term.matches(pod, snapshot)) {
                        existing.add(node, term.topologyKey(), 1);
                    }
                }
            }
            for (PodView other : asks ? node.pods() : List.<PodView>of()) {
                if (!pod.requiredAffinity().isEmpty() && matchesAll(pod.requiredAffinity(), other, snapshot)) {
                    pod.requiredAffinity().forEach(term -> near.add(node, term.topologyKey(), 1));
                }
                for (AffinityTerm term : pod.requiredAntiAffinity()) {
                    if (term.matches(other, snapshot)) {
                        far.add(node, term.topologyKey(), 1);
                    }
                }
            }
        }
        if (existing.isEmpty() && !asks) {
            return Optional.empty();
        }
        boolean first = near.isEmpty() && matchesAll(pod.requiredAffinity(), pod, snapshot);
        return Optional.of(node -> {
            if (!isNear(pod, node, near, first)) {
                return AFFINITY;
            }
            if (pod.requiredAntiAffinity().stream().anyMatch(term -> far.at(node, term.topologyKey()) > 0)) {
                return ANTI_AFFINITY;
            }
            return node.labels().keySet().stream().anyMatch(key -> existing.at(node, key) > 0)
                    ? EXISTING
                    : Verdict.FITS;
        });
    }

    @Override
    public Optional<NodeScore> score(PodView pod, Snapshot snapshot, List<NodeView> left) {
        var points = new Topology();
        boolean any = false;
        boolean asks = !(pod.preferredAffinity().isEmpty()
                && pod.preferredAntiAffinity().isEmpty());
        for (NodeView node : snapshot.nodes()) {
            for (PodView other : asks ? node.pods() : node.affinePods()) {
                any |= addPoints(points, node, pod.preferredAffinity(), other, snapshot, 1);
                any |= addPoints(points, node, pod.preferredAntiAffinity(), other, snapshot, -1);
                if (other.hasAffinity()) {
                    any |= addPoints(points, node, other.preferredAffinity(), pod, snapshot, 1);
                    any |= addPoints(points, node, other.preferredAntiAffinity(), pod, snapshot, -1);
                    any |= addPoints(points, node, other.requiredAffinity(), pod, snapshot, 1);
                }
            }
        }
        if (!any) {
            return Optional.empty();
        }
        return Optional.of(new NodeScore() {
            @Override
            public long score(NodeView node) {
                return node.labels().keySet().stream()
                        .mapToLong(key -> points.at(node, key))
                        .sum();
            }

            @Override
            public void scale(long[] all) {
                NodeScore.toRange(all);
            }
        });
    }

    /** The first pod of a group that wants to be together may start it, anywhere the label is. */
    private static boolean isNear(PodView pod, NodeView node, Topology near, boolean first) {
        for (AffinityTerm term : pod.requiredAffinity()) {
            if (!node.labels().containsKey(term.topologyKey()) || (!first && near.at(node, term.topologyKey()) == 0)) {
                return false;
            }
        }
        return true;
    }

    private static boolean matchesAll(List<AffinityTerm> terms, PodView other, Snapshot snapshot) {
        return terms.stream().allMatch(term -> term.matches(other, snapshot));
    }

    private static boolean addPoints(
            Topology points, NodeView node, List<AffinityTerm> terms, PodView about, Snapshot snapshot, int sign) {
        boolean any = false;
        for (AffinityTerm term : terms) {
            if (term.matches(about, snapshot)) {
                points.add(node, term.topologyKey(), (long) sign * Math.max(WEIGHT_OF_REQUIRED, term.weight()));
                any = true;
            }
        }
        return any;
    }
}
