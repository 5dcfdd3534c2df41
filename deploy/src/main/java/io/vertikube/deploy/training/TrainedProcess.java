package io.vertikube.deploy.training;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that the JVM watches to learn from: told to end, it puts its cache together first. */
final class TrainedProcess implements AutoCloseable {

    private static final Duration END_PATIENCE = Duration.ofMinutes(4);

    private final Process process;

    private TrainedProcess(Process process) {
        this.process = process;
    }

    static TrainedProcess start(List<String> command) throws IOException {
        return new TrainedProcess(new ProcessBuilder(command).inheritIO().start());
    }

    /** Throws if it has ended by itself. */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the trained process ended with code " + process.exitValue());
        }
    }

    /** Tells it to end and waits until it has. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(END_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        throw new IllegalStateException("the trained process did not end within " + END_PATIENCE);
    }
}
