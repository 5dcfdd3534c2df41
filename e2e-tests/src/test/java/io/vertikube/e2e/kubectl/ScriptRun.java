package io.vertikube.e2e.kubectl;

import io.vertikube.e2e.host.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs a script with one kubectl in a namespace of its own. Safe for any thread; every run has its own shell. */
final class ScriptRun {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final Script script;
    private final String version;
    private final String namespace;
    private final Shell shell;

    ScriptRun(Script script, String version, String namespace, Shell shell) {
        this.script = script;
        this.version = version;
        this.namespace = namespace;
        this.shell = shell;
    }

    /** Runs every command; the first that says something else ends the test with both texts. */
    void run() {
        for (Script.Step step : script.steps()) {
            if (step.isFor(version)) {
                run(step);
            }
        }
    }

    private void run(Script.Step step) {
        List<String> expected =
                step.expected().stream().map(l -> l.replace("$NS", namespace)).toList();
        var expectation = new Expectation(expected);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Shell.Result result = shell.run(PATIENCE, "bash", "-c", "exec 2>&1; " + step.command());
            List<String> said = lines(result.out());
            if (result.exitCode() == step.exitCode() && expectation.isMetBy(said)) {
                return;
            }
            if (!step.again() || System.nanoTime() > end) {
                throw new AssertionError(difference(step, expected, said, result.exitCode()));
            }
            pause();
        }
    }

    private String difference(Script.Step step, List<String> expected, List<String> said, int exitCode) {
        return script.name() + ".txt:" + step.line() + " with kubectl " + version + "\n$ " + step.command()
                + "\nexpected (exit code " + step.exitCode() + "):\n" + String.join("\n", expected)
                + "\nbut it said (exit code " + exitCode + "):\n" + String.join("\n", said);
    }

    /** The lines that were said, without empty ones: in a script an empty line ends what a command says. */
    private static List<String> lines(String out) {
        var lines = new ArrayList<>(Arrays.asList(out.split("\n")));
        lines.removeIf(String::isBlank);
        return lines;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
