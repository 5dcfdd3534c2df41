package io.vertikube.kubelet.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the machine that know what the kernel's calls alone do not. Safe for any thread; blocks. */
@FunctionalInterface
public interface MachineCommands {

    /** How a program ended and what it said. Immutable. */
    record Result(int status, String output) {}

    /** What is mounted over a network may never answer. */
    Duration LONGEST = Duration.ofMinutes(2);

    /** The programs that are installed. */
    MachineCommands INSTALLED = MachineCommands::runProgram;

    Result run(List<String> command) throws IOException;

    private static Result runProgram(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = process.getInputStream()) {
            process.getOutputStream().close();
            if (!process.waitFor(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " did not end within " + LONGEST.toSeconds() + " s");
            }
            return new Result(process.exitValue(), new String(output.readAllBytes(), StandardCharsets.UTF_8).strip());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.getFirst() + " ran", e);
        }
    }
}
