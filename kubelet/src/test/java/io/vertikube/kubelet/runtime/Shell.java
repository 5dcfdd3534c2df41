package io.vertikube.kubelet.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Runs a program to its end. */
public final class Shell {

    private Shell() {}

    /** Its output; a failure carries it. */
    public static String run(String... line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", line) + ": " + output.strip());
        }
        return output;
    }

    /** As {@link #run}, for what may fail. */
    public static void tryRun(String... line) throws InterruptedException {
        try {
            run(line);
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
    }
}
