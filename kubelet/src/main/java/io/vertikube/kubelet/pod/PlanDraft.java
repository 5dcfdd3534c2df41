package io.vertikube.kubelet.pod;

import io.vertikube.kubelet.probe.ProbeOutcomes;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A plan while it is made, and the rules that all kinds of containers share. Confined to one planning. */
final class PlanDraft {

    final PodPlan.Input input;
    final String sandboxId;
    private final List<PodAction> actions = new ArrayList<>();
    private final Map<String, Duration> held = new HashMap<>();
    private Optional<Instant> again = Optional.empty();
    private boolean initialised;

    PlanDraft(PodPlan.Input input, String sandboxId) {
        this.input = input;
        this.sandboxId = sandboxId;
    }

    void add(PodAction action) {
        actions.add(action);
    }

    void initialised() {
        initialised = true;
    }

    /** The newest container of this name in the current sandbox. */
    Optional<ContainerStatus> inSandbox(ContainerSpec spec) {
        return input.seen()
                .latest(spec.name())
                .filter(status -> status.sandboxId().equals(sandboxId));
    }

    void start(ContainerSpec spec) {
        add(new PodAction.StartContainer(spec, input.nextAttempt(spec.name()), sandboxId));
    }

    /** Starts again one that has ended, or holds it until its back-off is over. */
    void restart(ContainerSpec spec, ContainerStatus ended) {
        Instant finished = ended.finishedAt().orElse(ended.createdAt());
        RestartBackoff backoff = input.backoffs().get(spec.name());
        Instant allowed = backoff == null ? finished : backoff.until(finished);
        if (allowed.isAfter(input.now())) {
            held.put(spec.name(), backoff == null ? Duration.ZERO : backoff.delay());
            again = Optional.of(
                    again.filter(earlier -> earlier.isBefore(allowed)).orElse(allowed));
        } else {
            start(spec);
        }
    }

    /** Ends a running container that must not go on as it is; answers whether it does. */
    boolean killIfWrong(ContainerSpec spec, ContainerStatus running) {
        String hash = running.annotations().getOrDefault(Labels.HASH, spec.hash());
        if (!hash.equals(spec.hash())) {
            kill(
                    spec,
                    running,
                    "Container " + spec.name() + " definition changed, will be restarted",
                    OptionalLong.empty());
            return true;
        }
        Optional<ProbeOutcomes.Failed> failed = input.probes().failed(running.id());
        if (failed.isPresent()) {
            boolean restarts = spec.restartsAfter(input.restartPolicy(), 1);
            kill(
                    spec,
                    running,
                    "Container " + spec.name() + " failed "
                            + failed.get().kind().word() + " probe" + (restarts ? ", will be restarted" : ""),
                    failed.get().graceSeconds());
            return true;
        }
        Boolean restart = input.resizes().get(running.id());
        if (restart != null && restart) {
            kill(spec, running, "Container " + spec.name() + " resize requires restart", OptionalLong.empty());
            return true;
        }
        if (restart != null) {
            add(new PodAction.ResizeContainer(spec, running));
        }
        return false;
    }

    private void kill(ContainerSpec spec, ContainerStatus running, String message, OptionalLong grace) {
        add(new PodAction.KillContainer(spec, running, message, grace));
    }

    PodPlan toPlan(boolean finished) {
        return new PodPlan(actions, held, again, initialised, finished);
    }
}
