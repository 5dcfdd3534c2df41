package io.vertikube.kubelet.shutdown;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.pod.Pods;
import io.vertikube.kubelet.status.PodStatusPlan;
import io.vertikube.kubelet.status.StatusWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends all pods when the kubelet is stopped because the machine is, group by group. Blocks whoever stops it. */
public final class GracefulShutdown {

    private static final Logger LOG = LoggerFactory.getLogger(GracefulShutdown.class);
    private static final Duration LOOK = Duration.ofMillis(50);

    /** Beyond a group's grace, for the runtime to kill what did not end. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private static final Duration TELLING = Duration.ofSeconds(5);

    private final ShutdownOptions options;
    private final BooleanSupplier machineStops;
    private final Pods pods;
    private final StatusWriter status;
    private final Runnable begun;
    private final InstantSource clock;
    private volatile boolean running;

    /**
     * Makes one.
     *
     * @param machineStops whether the machine goes down
     * @param begun run when it begins: the node is not ready any more
     */
    public GracefulShutdown(
            ShutdownOptions options,
            BooleanSupplier machineStops,
            Pods pods,
            StatusWriter status,
            Runnable begun,
            InstantSource clock) {
        this.options = options;
        this.machineStops = machineStops;
        this.pods = pods;
        this.status = status;
        this.begun = begun;
        this.clock = clock;
    }

    /** Why no new pod is taken, once it has begun. */
    public Optional<PodStatusPlan.PodEnd> refuse() {
        return running
                ? Optional.of(
                        new PodStatusPlan.PodEnd("NodeShutdown", "Pod was rejected as the node is shutting down."))
                : Optional.empty();
    }

    /** Ends the pods if this is the end of the machine; returns when they have ended or their time is over. */
    public void run() {
        if (!options.total().isPositive() || !(options.everyStop() || machineStops.getAsBoolean())) {
            return;
        }
        running = true;
        begun.run();
        List<Pod> active = pods.all().stream().filter(pod -> !isOver(pod)).toList();
        LOG.info("the node is shutting down: {} pods have {}", active.size(), options.total());
        try {
            for (ShutdownPlan.Group group : ShutdownPlan.of(options, active)) {
                group.pods()
                        .forEach(pod -> pods.end(
                                pod.getMetadata().getUid(),
                                PodStatusPlan.PodEnd.disrupted(
                                        "Terminated",
                                        "Pod was terminated in response to imminent node shutdown.",
                                        "TerminationByKubelet"),
                                OptionalLong.of(group.graceSeconds(pod))));
                await(group.grace().plus(MARGIN), () -> group.pods().stream().allMatch(this::isOver));
            }
            await(TELLING, status::settled);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(Duration patience, BooleanSupplier done) throws InterruptedException {
        Instant end = clock.instant().plus(patience);
        while (!done.getAsBoolean() && clock.instant().isBefore(end)) {
            Thread.sleep(LOOK);
        }
    }

    private boolean isOver(Pod pod) {
        String phase = pods.phase(pod);
        return phase.equals("Succeeded") || phase.equals("Failed");
    }
}
