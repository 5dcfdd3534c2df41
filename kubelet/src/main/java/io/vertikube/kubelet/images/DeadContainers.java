package io.vertikube.kubelet.images;

import io.vertikube.control.Rounds;
import io.vertikube.kubelet.pod.Pods;
import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes ended containers and their logs, every minute. One virtual thread; {@link #freeAll()} is for any. */
public final class DeadContainers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeadContainers.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final CollectionOptions options;
    private final ContainerRuntime runtime;
    private final Pods pods;
    private final Path logsDir;
    private final Consumer<String> removed;
    private final InstantSource clock;
    private final Rounds rounds;

    /** {@code removed} is told the id of every container that went. */
    public DeadContainers(
            CollectionOptions options,
            ContainerRuntime runtime,
            Pods pods,
            Path logsDir,
            Consumer<String> removed,
            InstantSource clock) {
        this.options = options;
        this.runtime = runtime;
        this.pods = pods;
        this.logsDir = logsDir;
        this.removed = removed;
        this.clock = clock;
        this.rounds = new Rounds(
                "dead-containers", PERIOD, PERIOD, this::look, "ended containers stay for now", RuntimeFailure.class);
    }

    public void start() {
        rounds.start();
    }

    @Override
    public void close() {
        rounds.close();
    }

    private void look() {
        if (pods.synced()) {
            round();
        }
    }

    void round() {
        remove(DeadContainerPlan.of(options, runtime.containers(Map.of()), pods::isOver, clock.instant()));
    }

    /** Removes all that nobody needs. */
    public void freeAll() {
        if (pods.synced()) {
            remove(DeadContainerPlan.all(runtime.containers(Map.of()), pods::isOver));
        }
    }

    private void remove(List<Container> containers) {
        for (Container container : containers) {
            try {
                runtime.removeContainer(container.id());
                removed.accept(container.id());
                Labels.pod(container.labels()).ifPresent(pod -> removeLogs(pod, container));
            } catch (RuntimeFailure e) {
                LOG.warn("ended container {} stays for now: {}", container.id(), e.getMessage());
            }
        }
    }

    private void removeLogs(PodIdentity pod, Container container) {
        Path folder = logsDir.resolve(pod.namespace() + "_" + pod.name() + "_" + pod.uid())
                .resolve(container.name());
        String log = container.attempt() + ".log";
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.getFileName().toString().equals(log)
                            || file.getFileName().toString().startsWith(log + "."))
                    .toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("logs of ended container {} stay: {}", container.id(), e.getMessage());
        }
    }
}
