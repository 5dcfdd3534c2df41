package io.vertikube.scheduler.plugin;

import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import java.util.Optional;
import java.util.Set;

/** A pod with gates waits until they are taken off ("Pod Scheduling Readiness" in the documentation). */
public final class SchedulingGates implements Plugin {

    public static final String NAME = "SchedulingGates";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<Verdict.Unfit> refusal(PodView pod, Snapshot snapshot) {
        return isGated(pod)
                ? Optional.of(new Verdict.Unfit(
                        NAME, java.util.List.of("Scheduling is blocked due to non-empty scheduling gates"), false))
                : Optional.empty();
    }

    public static boolean isGated(PodView pod) {
        return !pod.spec().getSchedulingGates().isEmpty();
    }

    @Override
    public Set<ClusterEvent> wakes() {
        return Set.of(ClusterEvent.POD_ITSELF);
    }
}
