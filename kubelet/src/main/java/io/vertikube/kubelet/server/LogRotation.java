package io.vertikube.kubelet.server;

import io.vertikube.control.Rounds;
import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.LogFiles;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps container logs small: at 10 MiB a file is moved aside and the runtime begins a new one; five are kept. One virtual
 * thread.
 */
public final class LogRotation implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final long MAX_BYTES = 10L << 20;
    private static final int MAX_FILES = 5;
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private final ContainerRuntime runtime;
    private final Path logs;
    private final InstantSource clock;
    private final long maxBytes;
    private final Rounds rounds;

    /** {@code logs} is the folder of all pods' logs. */
    public LogRotation(ContainerRuntime runtime, Path logs, InstantSource clock) {
        this(runtime, logs, clock, MAX_BYTES);
    }

    LogRotation(ContainerRuntime runtime, Path logs, InstantSource clock, long maxBytes) {
        this.runtime = runtime;
        this.logs = logs;
        this.clock = clock;
        this.maxBytes = maxBytes;
        this.rounds = new Rounds(
                "log-rotation", PERIOD, PERIOD, this::round, "logs are not rotated now", RuntimeFailure.class);
    }

    public void start() {
        rounds.start();
    }

    @Override
    public void close() {
        rounds.close();
    }

    void round() throws IOException {
        for (Container container : runtime.containers(Map.of())) {
            Optional<PodIdentity> pod = Labels.pod(container.labels());
            if (container.state() == ContainerState.RUNNING && pod.isPresent()) {
                rotate(container.id(), LogFiles.of(logs, pod.get(), container.name(), container.attempt()));
            }
        }
    }

    private void rotate(String containerId, Path log) throws IOException {
        if (log.toFile().length() < maxBytes) {
            return;
        }
        Path aside = log.resolveSibling(
                log.getFileName() + "." + STAMP.format(clock.instant().atOffset(ZoneOffset.UTC)));
        Files.move(log, aside);
        try {
            runtime.reopenLog(containerId);
        } catch (RuntimeFailure e) {
            Files.move(aside, log);
            throw e;
        }
        try (Stream<Path> files = Files.list(java.util.Objects.requireNonNull(log.getParent()))) {
            List<Path> old = files.filter(file -> file.getFileName().toString().startsWith(log.getFileName() + "."))
                    .sorted(Comparator.<Path>naturalOrder().reversed())
                    .skip(MAX_FILES - 1)
                    .toList();
            for (Path file : old) {
                Files.deleteIfExists(file);
            }
        }
    }
}
