package io.vertikube.scheduler.plugin;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.PreferredSchedulingTerm;
import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import io.vertikube.value.NodeTerms;
import java.util.List;
import java.util.Optional;

/** nodeSelector, required and preferred node affinity. */
final class NodeAffinity implements Plugin {

    private static final String NAME = "NodeAffinity";
    private static final Verdict OTHER = Verdict.never(NAME, "node(s) didn't match Pod's node affinity/selector");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int weight() {
        return 2;
    }

    @Override
    public Optional<NodeCheck> check(PodView pod, Snapshot snapshot) {
        boolean free = (pod.spec().getNodeSelector() == null
                        || pod.spec().getNodeSelector().isEmpty())
                && (pod.spec().getAffinity() == null || pod.spec().getAffinity().getNodeAffinity() == null);
        return free
                ? Optional.empty()
                : Optional.of(node -> NodeTerms.allows(pod.spec(), node.name(), node.labels()) ? Verdict.FITS : OTHER);
    }

    @Override
    public Optional<NodeScore> score(PodView pod, Snapshot snapshot, List<NodeView> left) {
        Affinity affinity = pod.spec().getAffinity();
        if (affinity == null || affinity.getNodeAffinity() == null) {
            return Optional.empty();
        }
        List<PreferredSchedulingTerm> terms =
                affinity.getNodeAffinity().getPreferredDuringSchedulingIgnoredDuringExecution();
        if (terms.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new NodeScore() {
            @Override
            public long score(NodeView node) {
                return terms.stream()
                        .filter(term -> NodeTerms.matches(term.getPreference(), node.name(), node.labels()))
                        .mapToLong(PreferredSchedulingTerm::getWeight)
                        .sum();
            }

            @Override
            public void scale(long[] points) {
                NodeScore.toShareOfBest(points);
            }
        });
    }
}
