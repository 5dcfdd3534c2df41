package io.vertikube.e2e.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every script with every kubectl it is meant for, several at a time; a version that this machine lacks is reported as
 * skipped. {@code -Dscripts=apply,get} runs some of them.
 */
final class KubectlScriptsTest {

    private static final Path SCRIPTS = Path.of("src/test/resources/kubectl");
    private static final int SIDE_BY_SIDE = 4;

    @TempDir
    private static Path folder;

    private static ScriptedCluster cluster;
    private static ExecutorService threads;
    private static Map<String, Path> kubectls;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        kubectls = Kubectls.atHand();
        assertThat(kubectls)
                .as("one kubectl of %s at least; Debian's package is kubernetes-client", Kubectls.WANTED)
                .isNotEmpty();
        cluster = ScriptedCluster.start(folder);
        threads = Executors.newFixedThreadPool(SIDE_BY_SIDE);
    }

    @AfterAll
    static void stop() {
        if (threads != null) {
            threads.shutdownNow();
            threads.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> scripts() throws IOException {
        List<Script> scripts = chosen();
        var beside = new ArrayList<DynamicTest>();
        var alone = new ArrayList<DynamicTest>();
        for (Script script : scripts) {
            for (String version : Kubectls.WANTED) {
                if (script.isFor(version)) {
                    (script.alone() ? alone : beside).add(test(script, version));
                }
            }
        }
        return Stream.concat(beside.stream(), alone.stream());
    }

    /** A script that may run beside others is begun at once, its test waits for the end. */
    private static DynamicTest test(Script script, String version) {
        String name = script.name() + " with kubectl " + version;
        Path kubectl = kubectls.get(version);
        if (kubectl == null) {
            return DynamicTest.dynamicTest(name, () -> abort("kubectl " + version + " is not on this machine"));
        }
        if (script.alone()) {
            return DynamicTest.dynamicTest(name, () -> run(script, version, kubectl));
        }
        Future<?> end = threads.submit(() -> {
            run(script, version, kubectl);
            return null;
        });
        return DynamicTest.dynamicTest(name, () -> {
            try {
                end.get();
            } catch (ExecutionException e) {
                throw e.getCause();
            }
        });
    }

    private static void run(Script script, String version, Path kubectl) throws IOException {
        String namespace = script.name() + "-" + version.replace(".", "");
        new ScriptRun(script, version, namespace, cluster.shell(namespace, version, kubectl)).run();
    }

    private static List<Script> chosen() throws IOException {
        String chosen = System.getProperty("scripts", "");
        var scripts = new ArrayList<Script>();
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".txt")).sorted().toList()) {
                Script script = Script.read(file);
                if (chosen.isEmpty() || List.of(chosen.split(",")).contains(script.name())) {
                    scripts.add(script);
                }
            }
        }
        return scripts;
    }
}
