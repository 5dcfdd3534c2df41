package io.vertikube.e2e.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands and reads what they say. Immutable. */
public final class Shell {

    /** What a command came to. */
    public record Result(List<String> command, int exitCode, String out, String err) {

        /** The output, or an error that shows what was said. */
        public String orFail() {
            if (exitCode != 0) {
                throw new AssertionError(String.join(" ", command) + " ended with " + exitCode + "\n" + out + err);
            }
            return out;
        }
    }

    private final List<String> prefix;
    private final Map<String, String> environment;

    /** Every command is run behind the prefix, such as {@code nsenter …}. */
    public Shell(List<String> prefix, Map<String, String> environment) {
        this.prefix = List.copyOf(prefix);
        this.environment = Map.copyOf(environment);
    }

    public Result run(Duration patience, String... command) {
        return runWithInput(patience, "", command);
    }

    /** Runs with some standard input. */
    public Result runWithInput(Duration patience, String input, String... command) {
        try {
            Path out = Files.createTempFile("vk-e2e-", ".out");
            Path err = Files.createTempFile("vk-e2e-", ".err");
            try {
                Process process = start(List.of(command), out, err);
                try (var stdin = process.getOutputStream()) {
                    stdin.write(input.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // The command may end without reading what we say.
                    assert !process.isAlive() || e.getMessage() != null;
                }
                if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError(String.join(" ", command) + " did not end within " + patience + "\n"
                            + Files.readString(out) + Files.readString(err));
                }
                return new Result(List.of(command), process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts a command that goes on, with its output in files. */
    public Process start(List<String> command, Path out, Path err) throws IOException {
        var whole = new ArrayList<>(prefix);
        whole.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(whole).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }
}
