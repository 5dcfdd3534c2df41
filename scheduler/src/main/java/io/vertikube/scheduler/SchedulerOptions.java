package io.vertikube.scheduler;

import io.vertikube.client.KubeConfig;
import io.vertikube.control.Leadership;
import io.vertikube.scheduler.queue.QueueTimes;
import io.vertikube.service.TlsFiles;
import org.jspecify.annotations.Nullable;

/**
 * How a scheduler runs. Immutable.
 *
 * @param schedulerName whose pods it places
 * @param percentageOfNodesToScore how many fitting nodes are enough, 0 to let the size of the cluster decide
 */
public record SchedulerOptions(
        KubeConfig kubeConfig,
        String schedulerName,
        int percentageOfNodesToScore,
        QueueTimes queueTimes,
        Leadership leadership,
        Serving serving) {

    /** The Lease that a leader holds, unless a flag says otherwise. */
    static final String LEASE = "kube-scheduler";

    /** Where health and metrics are served; on port 0 nowhere. */
    public record Serving(
            String bindAddress, int securePort, @Nullable TlsFiles tls) {}

    public SchedulerOptions {
        if (percentageOfNodesToScore < 0 || percentageOfNodesToScore > 100) {
            throw new IllegalArgumentException("--percentage-of-nodes-to-score: want 0 to 100");
        }
    }

    /** Alone, for the pods of {@code default-scheduler}, with nothing served. */
    public static SchedulerOptions alone(KubeConfig kubeConfig) {
        return new SchedulerOptions(
                kubeConfig,
                "default-scheduler",
                0,
                QueueTimes.defaults(),
                Leadership.alone(LEASE, "alone"),
                new Serving("127.0.0.1", 0, null));
    }

    /** The same with another way to lead. */
    public SchedulerOptions withLeadership(Leadership other) {
        return new SchedulerOptions(kubeConfig, schedulerName, percentageOfNodesToScore, queueTimes, other, serving);
    }
}
