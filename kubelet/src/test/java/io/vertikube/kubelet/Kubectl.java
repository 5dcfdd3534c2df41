package io.vertikube.kubelet;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the machine's kubectl against a cluster. */
final class Kubectl {

    /** How it ended, and what it said on both streams. */
    record Result(int exitCode, String output) {}

    private final Path kubeconfig;
    private final Path home;

    Kubectl(Path kubeconfig, Path home) {
        this.kubeconfig = kubeconfig;
        this.home = home;
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), null, arguments);
    }

    Result run(Map<String, String> environment, File input, String... arguments)
            throws IOException, InterruptedException {
        Process process = start(environment, input, arguments);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("kubectl does not end: " + output);
        }
        return new Result(process.exitValue(), output);
    }

    /** Starts it and leaves it running. */
    Process start(Map<String, String> environment, File input, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig.toString()));
        line.addAll(List.of(arguments));
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("HOME", home.toString());
        builder.redirectInput(input == null ? new File("/dev/null") : input);
        return builder.start();
    }
}
