package io.vertikube.kubelet.probe;

import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one container again and again until it is stopped. Runs on a virtual thread of its own; tells its {@link
 * Listener} only what changes.
 */
final class ProbeLoop {

    private static final Logger LOG = LoggerFactory.getLogger(ProbeLoop.class);

    /** Told on the loop's thread. */
    interface Listener {

        /** The probe turned over: enough tries in a row succeeded or failed. */
        void turned(ProbeKind kind, boolean success);

        /** One try failed. */
        void tryFailed(ProbeKind kind, String output);

        /** One try went well, but somebody should look. */
        void tryWarned(ProbeKind kind, String output);
    }

    private static final Duration STARTUP_LOOK = Duration.ofMillis(100);

    private final ProbeKind kind;
    private final Probe probe;
    private final ProbeTarget target;
    private final ProbeCall call;
    private final Instant containerStart;
    private final BooleanSupplier mayAsk;
    private final Listener listener;
    private final InstantSource clock;
    private final Thread thread;

    ProbeLoop(
            ProbeKind kind,
            Probe probe,
            ProbeTarget target,
            ProbeCall call,
            Instant containerStart,
            BooleanSupplier mayAsk,
            Listener listener,
            InstantSource clock) {
        this.kind = kind;
        this.probe = probe;
        this.target = target;
        this.call = call;
        this.containerStart = containerStart;
        this.mayAsk = mayAsk;
        this.listener = listener;
        this.clock = clock;
        this.thread = Thread.ofVirtual()
                .name("probe-" + kind.word() + "-" + target.container().getName())
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    private void run() {
        try {
            Duration delay = seconds(probe.getInitialDelaySeconds(), 0);
            sleep(Duration.between(clock.instant(), containerStart.plus(delay)));
            while (!mayAsk.getAsBoolean()) {
                sleep(STARTUP_LOOK);
            }
            ask();
        } catch (InterruptedException e) {
            // Stopped: the container is gone or being ended.
            Thread.currentThread().interrupt();
        }
    }

    private void ask() throws InterruptedException {
        Duration period = seconds(probe.getPeriodSeconds(), 10);
        int failures = 0;
        int successes = 0;
        while (true) {
            Optional<ProbeResult> made = make();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (made.isEmpty()) {
                sleep(period);
                continue;
            }
            ProbeResult result = made.get();
            if (result.success()) {
                failures = 0;
                successes++;
                if (result.warning()) {
                    listener.tryWarned(kind, result.output());
                }
                if (successes == times(probe.getSuccessThreshold(), 1)) {
                    listener.turned(kind, true);
                    if (kind == ProbeKind.STARTUP) {
                        return;
                    }
                }
            } else {
                successes = 0;
                failures++;
                listener.tryFailed(kind, result.output());
                if (failures == times(probe.getFailureThreshold(), 3)) {
                    listener.turned(kind, false);
                    if (kind != ProbeKind.READINESS) {
                        return;
                    }
                }
            }
            sleep(period);
        }
    }

    /** Empty where it could not be made, which says nothing about the container. */
    private Optional<ProbeResult> make() {
        try {
            return Optional.of(call.run(probe, target));
        } catch (RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                LOG.error(
                        "{} probe of {} is not made now",
                        kind.word(),
                        target.container().getName(),
                        e);
            }
            return Optional.empty();
        }
    }

    private static void sleep(Duration duration) throws InterruptedException {
        if (duration.isPositive()) {
            Thread.sleep(duration);
        }
    }

    private static Duration seconds(Integer value, int otherwise) {
        return Duration.ofSeconds(value == null ? otherwise : value);
    }

    private static int times(Integer value, int otherwise) {
        return value == null || value < 1 ? otherwise : value;
    }
}
