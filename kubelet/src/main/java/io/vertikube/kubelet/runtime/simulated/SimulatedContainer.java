package io.vertikube.kubelet.runtime.simulated;

import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.EnvVariable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One simulated container; its program runs on a virtual thread. Guarded by its own monitor. */
final class SimulatedContainer {

    /** What a process ended by a signal leaves: 128 and the signal. */
    static final int KILLED = 137;

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
    private final BytePipe stdin = new BytePipe();
    private final ContainerOutput stdout;
    private final ContainerOutput stderr;
    private final Set<Thread> visitors = ConcurrentHashMap.newKeySet();
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
        var log = new CriLog(logFile, clock);
        this.stdout = new ContainerOutput("stdout", log);
        this.stderr = new ContainerOutput("stderr", log);
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

    /** What its own process reads. */
    BytePipe stdin() {
        return stdin;
    }

    ContainerOutput stdout() {
        return stdout;
    }

    ContainerOutput stderr() {
        return stderr;
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
            if (!ended.await(5, TimeUnit.SECONDS)) {
                running.interrupt();
            }
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
                logFile.toString(),
                Optional.empty(),
                config.stopSignal());
    }

    /**
     * Runs a command in it on the calling thread, which is interrupted when the container ends.
     *
     * @return its exit code
     */
    int visit(ToyProcess process, List<String> command) throws IOException {
        visitors.add(Thread.currentThread());
        try {
            return state() == ContainerState.RUNNING ? new ToyShell(process).run(command) : KILLED;
        } catch (InterruptedException e) {
            return KILLED;
        } finally {
            visitors.remove(Thread.currentThread());
        }
    }

    /** A process inside, with the container's environment and files. */
    ToyProcess process(
            InputStream in, OutputStream out, OutputStream err, Supplier<String> terminal, ToyProcess.Unknown unknown) {
        Map<String, String> env = new LinkedHashMap<>();
        env.put("HOSTNAME", hostname);
        for (EnvVariable variable : config.env()) {
            env.put(variable.name(), variable.value());
        }
        return new ToyProcess(in, out, err, env, hostname, config.mounts(), terminal, clock, unknown);
    }

    private void run() {
        int code = KILLED;
        if (!config.stdin()) {
            stdin.end();
        }
        List<String> line = new ArrayList<>(config.command());
        line.addAll(config.args());
        try (stdout;
                stderr) {
            Supplier<String> terminal = () -> config.tty() ? "24 80" : "";
            code = new ToyShell(process(stdin.in(), stdout, stderr, terminal, ToyProcess.Unknown.SERVES)).run(line);
        } catch (InterruptedException e) {
            code = KILLED;
        } catch (IOException e) {
            code = Thread.interrupted() ? KILLED : 1;
        } finally {
            synchronized (this) {
                state = ContainerState.EXITED;
                exitCode = code;
                finishedAt = clock.instant();
            }
            stdin.abandon();
            visitors.forEach(Thread::interrupt);
            ended.countDown();
            changed.run();
        }
    }
}
