package io.vertikube.scheduler.plugin;

import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import io.vertikube.value.Tolerations;
import java.util.List;
import java.util.Optional;

/** Taints keep pods off that do not tolerate them; of the soft ones, fewer are better. */
final class TaintToleration implements Plugin {

    private static final String NAME = "TaintToleration";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int weight() {
        return 3;
    }

    @Override
    public Optional<NodeCheck> check(PodView pod, Snapshot snapshot) {
        List<Toleration> tolerations = pod.spec().getTolerations();
        return Optional.of(node -> check(node, tolerations));
    }

    @Override
    public Optional<NodeScore> score(PodView pod, Snapshot snapshot, List<NodeView> left) {
        if (left.stream().noneMatch(node -> node.taints().stream().anyMatch(TaintToleration::isSoft))) {
            return Optional.empty();
        }
        List<Toleration> tolerations = pod.spec().getTolerations();
        return Optional.of(new NodeScore() {
            @Override
            public long score(NodeView node) {
                return node.taints().stream()
                        .filter(taint -> isSoft(taint) && !Tolerations.tolerate(tolerations, taint))
                        .count();
            }

            @Override
            public void scale(long[] points) {
                NodeScore.toFewness(points);
            }
        });
    }

    private static Verdict check(NodeView node, List<Toleration> tolerations) {
        for (Taint taint : node.taints()) {
            boolean hard = "NoSchedule".equals(taint.getEffect()) || "NoExecute".equals(taint.getEffect());
            if (hard && !Tolerations.tolerate(tolerations, taint)) {
                return Verdict.never(
                        NAME,
                        "node(s) had untolerated taint {" + taint.getKey() + ": "
                                + (taint.getValue() == null ? "" : taint.getValue()) + "}");
            }
        }
        return Verdict.FITS;
    }

    private static boolean isSoft(Taint taint) {
        return "PreferNoSchedule".equals(taint.getEffect());
    }
}
