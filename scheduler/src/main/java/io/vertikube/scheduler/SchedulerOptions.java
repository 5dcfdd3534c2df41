package io.vertikube.scheduler;

import io.vertikube.client.KubeConfig;
import io.vertikube.control.LeaderElector;
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

    /** Whether to elect a leader, and by which Lease and identity. */
    public record Leadership(
            boolean elect, String namespace, String name, String identity, LeaderElector.Timings timings) {

        static final String NAMESPACE = "kube-system";
        static final String NAME = "kube-scheduler";
    }

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
                new Leadership(false, Leadership.NAMESPACE, Leadership.NAME, "alone", LeaderElector.Timings.defaults()),
                new Serving("127.0.0.1", 0, null));
    }
}
