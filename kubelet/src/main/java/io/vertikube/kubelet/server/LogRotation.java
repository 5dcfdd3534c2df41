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
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps container logs small: a file that is large is moved aside and the runtime begins a new one; as many as are allowed
 * are kept, all but the newest of those aside compressed. One virtual thread.
 */
public final class LogRotation implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final String COMPRESSED = ".gz";
    private static final String HALF_DONE = ".tmp";

    private final ContainerRuntime runtime;
    private final Path logs;
    private final LogLimits limits;
    private final InstantSource clock;
    private final Rounds rounds;

    /** {@code logs} is the folder of all pods' logs. */
    public LogRotation(ContainerRuntime runtime, Path logs, LogLimits limits, InstantSource clock) {
        this.runtime = runtime;
        this.logs = logs;
        this.limits = limits;
        this.clock = clock;
        this.rounds = new Rounds(
                "log-rotation",
                limits.look(),
                limits.look(),
                this::round,
                "logs are not rotated now",
                RuntimeFailure.class);
    }

    public void start() {
        if (limits.maxBytes() >= 0) {
            rounds.start();
        }
    }

    @Override
    public void close() {
        rounds.close();
    }

    /** A container whose log cannot be rotated keeps nobody else's from it. */
    void round() {
        for (Container container : runtime.containers(Map.of())) {
            Optional<PodIdentity> pod = Labels.pod(container.labels());
            if (container.state() == ContainerState.RUNNING && pod.isPresent()) {
                Path log = LogFiles.of(logs, pod.get(), container.name(), container.attempt());
                try {
                    look(container.id(), log);
                } catch (RuntimeFailure | IOException e) {
                    LOG.warn("{} is not rotated now: {}", log, e.getMessage());
                }
            }
        }
    }

    private void look(String containerId, Path log) throws IOException {
        if (Files.notExists(log)) {
            runtime.reopenLog(containerId);
        } else if (log.toFile().length() >= limits.maxBytes()) {
            rotate(containerId, log);
        }
    }

    /** Between the move and the reopening the log is not there; a kubelet that ended there left it so. */
    private void rotate(String containerId, Path log) throws IOException {
        Path aside = log.resolveSibling(
                log.getFileName() + "." + STAMP.format(clock.instant().atOffset(ZoneOffset.UTC)));
        Files.move(log, aside);
        try {
            runtime.reopenLog(containerId);
        } catch (RuntimeFailure e) {
            Files.move(aside, log);
            throw e;
        }
        List<Path> old = aside(log);
        for (Path file : old.stream().skip(limits.maxFiles() - 1L).toList()) {
            Files.deleteIfExists(file);
        }
        for (Path file : old.stream().limit(limits.maxFiles() - 1L).skip(1).toList()) {
            if (!file.toString().endsWith(COMPRESSED)) {
                compress(file);
            }
        }
    }

    /** A log's files aside, the newest first; what is left of a compression that was cut short goes. */
    private static List<Path> aside(Path log) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(Objects.requireNonNull(log.getParent()), log.getFileName() + ".*")) {
            for (Path file : files) {
                if (file.toString().endsWith(HALF_DONE)) {
                    Files.deleteIfExists(file);
                } else {
                    found.add(file);
                }
            }
        }
        found.sort(Comparator.reverseOrder());
        return found;
    }

    private static void compress(Path file) throws IOException {
        Path half = file.resolveSibling(file.getFileName() + HALF_DONE);
        try (var out = new GZIPOutputStream(Files.newOutputStream(half))) {
            Files.copy(file, out);
        }
        Files.move(half, file.resolveSibling(file.getFileName() + COMPRESSED), StandardCopyOption.REPLACE_EXISTING);
        Files.delete(file);
    }
}
