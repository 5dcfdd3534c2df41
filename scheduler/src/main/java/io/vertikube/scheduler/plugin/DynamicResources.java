package io.vertikube.scheduler.plugin;

import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Nobody here allocates devices, so a pod that claims some waits and says why rather than start without them. */
public final class DynamicResources implements Plugin {

    private static final String NAME = "DynamicResources";
    private static final Verdict.Unfit NO_ALLOCATION = new Verdict.Unfit(
            NAME, List.of("this scheduler does not allocate resource claims: leave out spec.resourceClaims"), false);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<Verdict.Unfit> refusal(PodView pod, Snapshot snapshot) {
        return pod.spec().getResourceClaims().isEmpty() ? Optional.empty() : Optional.of(NO_ALLOCATION);
    }

    @Override
    public Set<ClusterEvent> wakes() {
        return Set.of(ClusterEvent.POD_ITSELF);
    }
}
