package io.vertikube.kubelet.runtime.simulated;

import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.EnvVariable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One simulated container; its program runs on a virtual thread. Guarded by its own monitor. */
final class SimulatedContainer {

    /** What a process ended by a signal leaves: 128 and the signal. */
    private static final int KILLED = 137;

    private final String id;
    private final String sandboxId;
    private final ContainerConfig config;
    private final Path logFile;
    private final String hostname;
    private final String imageRef;
    private final Instant createdAt;
    private final InstantSource clock;
    private final Runnable changed;
    private final CountDownLatch ended = new CountDownLatch(1);
    private ContainerState state = ContainerState.CREATED;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;
    private @Nullable Thread thread;
    private int exitCode;

    SimulatedContainer(
            String id,
            String sandboxId,
            ContainerConfig config,
            Path logFile,
            String hostname,
            String imageRef,
            InstantSource clock,
            Runnable changed) {
        this.id = id;
        this.sandboxId = sandboxId;
        this.config = config;
        this.logFile = logFile;
        this.hostname = hostname;
        this.imageRef = imageRef;
        this.clock = clock;
        this.createdAt = clock.instant();
        this.changed = changed;
    }

    String id() {
        return id;
    }

    String sandboxId() {
        return sandboxId;
    }

    ContainerConfig config() {
        return config;
    }

    synchronized void start() {
        state = ContainerState.RUNNING;
        startedAt = clock.instant();
        thread = Thread.ofVirtual().name("simulated-" + config.name()).start(this::run);
    }

    /** Ends it as a signal would, and waits. */
    void stop() {
        Thread running;
        synchronized (this) {
            running = thread;
            if (state != ContainerState.RUNNING || running == null) {
                return;
            }
        }
        running.interrupt();
        try {
            ended.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized ContainerState state() {
        return state;
    }

    synchronized ContainerStatus status() {
        String reason = state != ContainerState.EXITED ? "" : exitCode == 0 ? "Completed" : "Error";
        return new ContainerStatus(
                id,
                sandboxId,
                config.name(),
                config.attempt(),
                state,
                createdAt,
                Optional.ofNullable(startedAt),
                Optional.ofNullable(finishedAt),
                exitCode,
                config.userImage(),
                imageRef,
                reason,
                "",
                config.labels(),
                config.annotations(),
                config.mounts(),
                logFile.toString());
    }

    List<ToyShell.Step> program(List<String> command) {
        return ToyShell.program(command, env(), hostname);
    }

    private void run() {
        int code = KILLED;
        try {
            code = play();
        } catch (InterruptedException e) {
            code = KILLED;
        } catch (IOException e) {
            code = 1;
        } finally {
            synchronized (this) {
                state = ContainerState.EXITED;
                exitCode = code;
                finishedAt = clock.instant();
            }
            ended.countDown();
            changed.run();
        }
    }

    private int play() throws InterruptedException, IOException {
        List<String> line = new ArrayList<>(config.command());
        line.addAll(config.args());
        var log = new CriLog(logFile);
        for (ToyShell.Step step : program(line)) {
            switch (step) {
                case ToyShell.Step.Print(String text) -> {
                    if (!text.isEmpty()) {
                        log.line(clock.instant(), text);
                    }
                }
                case ToyShell.Step.Pause(Duration time) -> Thread.sleep(time);
                case ToyShell.Step.Exit(int wanted) -> {
                    return wanted;
                }
                case ToyShell.Step.Serve() -> new CountDownLatch(1).await();
            }
        }
        return 0;
    }

    private Map<String, String> env() {
        Map<String, String> result = new LinkedHashMap<>();
        for (EnvVariable variable : config.env()) {
            result.put(variable.name(), variable.value());
        }
        return result;
    }
}
