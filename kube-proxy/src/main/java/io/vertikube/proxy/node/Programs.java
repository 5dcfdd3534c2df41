package io.vertikube.proxy.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs of the machine and waits for them, optionally behind a prefix such as {@code ip netns exec NAME}. An
 * exit code is an answer; a program that is missing or hangs is a {@link ProgramException}. Safe for any thread but
 * event loops.
 */
public final class Programs {

    /** How a program ended, with both of its outputs together. */
    public record Result(int exitCode, String output) {

        public boolean succeeded() {
            return exitCode == 0;
        }
    }

    /** A program could not be run to its end. */
    public static final class ProgramException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ProgramException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private final List<String> prefix;
    private final Duration patience;

    public Programs(List<String> prefix, Duration patience) {
        this.prefix = List.copyOf(prefix);
        this.patience = patience;
    }

    /** In this process's own namespaces, a minute each. */
    public static Programs here() {
        return new Programs(List.of(), Duration.ofMinutes(1));
    }

    public Result run(String... command) {
        return run(List.of(command), "");
    }

    /** Runs with a text as standard input. */
    public Result run(List<String> command, String input) {
        var all = new ArrayList<>(prefix);
        all.addAll(command);
        Process process;
        try {
            process = new ProcessBuilder(all).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new ProgramException(
                    command.getFirst() + " cannot be run (" + e.getMessage() + "); is it installed?", e);
        }
        try {
            Thread writer = Thread.ofVirtual().start(() -> feed(process, input));
            Thread guard = Thread.ofVirtual().start(() -> endLate(process));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            guard.interrupt();
            writer.join();
            return new Result(code, output.strip());
        } catch (IOException e) {
            process.destroyForcibly();
            throw new ProgramException(command.getFirst() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new ProgramException(command.getFirst() + " was interrupted", e);
        }
    }

    private void endLate(Process process) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void feed(Process process, String input) {
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The program ended without reading all; its exit code says why.
            process.toHandle().onExit();
        }
    }
}
