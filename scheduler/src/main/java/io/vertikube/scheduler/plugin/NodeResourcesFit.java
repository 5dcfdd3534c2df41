package io.vertikube.scheduler.plugin;

import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Resources;
import io.vertikube.scheduler.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A node must have left what the pod asks for; the more it has left of CPU and memory, the better. */
final class NodeResourcesFit implements Plugin {

    private static final String NAME = "NodeResourcesFit";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<NodeCheck> check(PodView pod, Snapshot snapshot) {
        Resources wanted = pod.requested();
        return Optional.of(node -> check(node, wanted));
    }

    @Override
    public Optional<NodeScore> score(PodView pod, Snapshot snapshot, List<NodeView> left) {
        Resources taken = pod.assumed();
        return Optional.of(node -> {
            Resources all = node.allocatable();
            Resources used = node.assumed();
            long cpu = leftShare(all.milliCpu(), used.milliCpu() + taken.milliCpu());
            long memory = leftShare(all.memory(), used.memory() + taken.memory());
            return (cpu + memory) / 2;
        });
    }

    @Override
    public Set<ClusterEvent> wakes() {
        return Set.of(
                ClusterEvent.NODE_ADDED, ClusterEvent.NODE_CHANGED, ClusterEvent.POD_GONE, ClusterEvent.POD_ITSELF);
    }

    private static Verdict check(NodeView node, Resources wanted) {
        Resources all = node.allocatable();
        Resources used = node.requested();
        boolean roomForAll = node.pods().size() < node.podLimit();
        if (roomForAll
                && wanted.others().isEmpty()
                && fits(wanted.milliCpu(), all.milliCpu(), used.milliCpu())
                && fits(wanted.memory(), all.memory(), used.memory())
                && fits(wanted.storage(), all.storage(), used.storage())) {
            return Verdict.FITS;
        }
        var shortages = new ArrayList<String>();
        boolean enoughWhenEmpty = true;
        if (!roomForAll) {
            shortages.add("Too many pods");
        }
        enoughWhenEmpty &= add(shortages, "cpu", wanted.milliCpu(), all.milliCpu(), used.milliCpu());
        enoughWhenEmpty &= add(shortages, "memory", wanted.memory(), all.memory(), used.memory());
        enoughWhenEmpty &= add(shortages, "ephemeral-storage", wanted.storage(), all.storage(), used.storage());
        for (var other : wanted.others().entrySet()) {
            String name = other.getKey();
            enoughWhenEmpty &= add(
                    shortages,
                    name,
                    other.getValue(),
                    all.others().getOrDefault(name, 0L),
                    used.others().getOrDefault(name, 0L));
        }
        return shortages.isEmpty() ? Verdict.FITS : new Verdict.Unfit(NAME, shortages, enoughWhenEmpty);
    }

    private static boolean fits(long wanted, long all, long used) {
        return wanted == 0 || wanted <= all - used;
    }

    /** Notes a shortage; answers whether the empty node would have enough. */
    private static boolean add(List<String> shortages, String resource, long wanted, long all, long used) {
        if (fits(wanted, all, used)) {
            return true;
        }
        shortages.add("Insufficient " + resource);
        return wanted <= all;
    }

    private static long leftShare(long all, long used) {
        return all == 0 || used > all ? 0 : (all - used) * NodeScore.BEST / all;
    }
}
