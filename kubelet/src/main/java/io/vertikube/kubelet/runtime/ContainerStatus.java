package io.vertikube.kubelet.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container in detail; reason is {@code OOMKilled}, {@code Completed}, {@code Error} or the runtime's. Immutable.
 *
 * @param user whom its first process was started as; empty if the runtime does not say
 * @param stopSignal what it is stopped by; empty if the runtime does not say
 */
public record ContainerStatus(
        String id,
        String sandboxId,
        String name,
        int attempt,
        ContainerState state,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        int exitCode,
        String image,
        String imageRef,
        String reason,
        String message,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<Mount> mounts,
        String logPath,
        Optional<User> user,
        String stopSignal) {

    /** In the container's own ids. Immutable. */
    public record User(long uid, long gid, List<Long> groups) {

        public User {
            groups = List.copyOf(groups);
        }
    }

    public ContainerStatus {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        mounts = List.copyOf(mounts);
    }

    /** The same, ended for another reason. */
    public ContainerStatus because(String other) {
        return new ContainerStatus(
                id,
                sandboxId,
                name,
                attempt,
                state,
                createdAt,
                startedAt,
                finishedAt,
                exitCode,
                image,
                imageRef,
                other,
                message,
                labels,
                annotations,
                mounts,
                logPath,
                user,
                stopSignal);
    }

    public boolean running() {
        return state == ContainerState.RUNNING;
    }

    public boolean exited() {
        return state == ContainerState.EXITED;
    }
}
