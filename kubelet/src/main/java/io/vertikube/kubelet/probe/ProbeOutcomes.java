package io.vertikube.kubelet.probe;

import io.fabric8.kubernetes.api.model.Container;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What probes have found of a pod's containers, by container id. Immutable. */
public record ProbeOutcomes(Map<String, Outcome> byContainer) {

    public static final ProbeOutcomes NONE = new ProbeOutcomes(Map.of());

    /**
     * Of one container.
     *
     * @param started whether the startup probe has succeeded
     * @param ready whether the readiness probe succeeds
     * @param failed the probe after which the container is to be ended
     */
    public record Outcome(boolean started, boolean ready, Optional<Failed> failed) {}

    /** A probe that failed for good; {@code graceSeconds} is the probe's own grace period. */
    public record Failed(ProbeKind kind, OptionalLong graceSeconds) {}

    public ProbeOutcomes {
        byContainer = Map.copyOf(byContainer);
    }

    /** Whether a running container counts as started. */
    public boolean started(Container spec, String containerId) {
        Outcome outcome = byContainer.get(containerId);
        return outcome == null ? spec.getStartupProbe() == null : outcome.started();
    }

    /** Whether a running container takes traffic. */
    public boolean ready(Container spec, String containerId) {
        Outcome outcome = byContainer.get(containerId);
        return outcome == null
                ? spec.getStartupProbe() == null && spec.getReadinessProbe() == null
                : outcome.started() && outcome.ready();
    }

    public Optional<Failed> failed(String containerId) {
        return Optional.ofNullable(byContainer.get(containerId)).flatMap(Outcome::failed);
    }
}
