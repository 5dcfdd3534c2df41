package io.vertikube.scheduler.plugin;

import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Resources;
import io.vertikube.scheduler.snapshot.Snapshot;
import java.util.List;
import java.util.Optional;

/** A node is better when its CPU and memory are used up alike: what is left stays usable. */
final class NodeResourcesBalancedAllocation implements Plugin {

    private static final String NAME = "NodeResourcesBalancedAllocation";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<NodeScore> score(PodView pod, Snapshot snapshot, List<NodeView> left) {
        Resources taken = pod.requested();
        if (taken.milliCpu() == 0 && taken.memory() == 0) {
            return Optional.empty();
        }
        return Optional.of(node -> {
            double cpu = share(
                    node.requested().milliCpu() + taken.milliCpu(),
                    node.allocatable().milliCpu());
            double memory = share(
                    node.requested().memory() + taken.memory(),
                    node.allocatable().memory());
            return (long) ((1 - Math.abs(cpu - memory) / 2) * NodeScore.BEST);
        });
    }

    private static double share(long used, long all) {
        return all == 0 ? 1 : Math.min(1, (double) used / all);
    }
}
