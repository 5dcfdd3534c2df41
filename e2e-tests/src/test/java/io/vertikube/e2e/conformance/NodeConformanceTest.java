package io.vertikube.e2e.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.vertikube.e2e.machine.Kubectl;
import io.vertikube.e2e.machine.MachineCluster;
import io.vertikube.e2e.machine.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;

/** Every case of {@code src/test/resources/conformance}, all of them at once, on one cluster with real containers; {@code -Dcases=images.yaml} runs some. */
@RequiresRoot
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class NodeConformanceTest {

    private static MachineCluster cluster;
    private static Registries registries;
    private static ExecutorService threads;
    private static List<ConformanceCase> cases;
    private static List<ConformanceCase> skipped;
    private static Map<String, Future<?>> outcomes;

    @BeforeAll
    static void startEverything() throws IOException {
        String only = System.getProperty("cases", "");
        cluster = MachineCluster.start("conformance");
        Set<String> traits = NodeTraits.of(cluster.kubectl(Kubectl.installed().getFirst()));
        Map<Boolean, List<ConformanceCase>> all = ConformanceCase.all(ConformanceTable.cases()).stream()
                .filter(each -> each.reference().startsWith(only))
                .collect(Collectors.partitioningBy(each -> each.fits(traits)));
        cases = all.get(true);
        skipped = all.get(false);
        cluster.importImages("busybox");
        registries = Registries.start(cluster);
        var run = new ConformanceRun(cluster.kubectl(Kubectl.installed().getFirst()));
        run.start(cases);
        threads = Executors.newVirtualThreadPerTaskExecutor();
        outcomes = cases.stream()
                .collect(Collectors.toMap(
                        ConformanceCase::name,
                        each -> threads.submit(() -> {
                            run.verify(each);
                            return null;
                        })));
    }

    @AfterAll
    static void stopEverything() {
        if (threads != null) {
            threads.shutdownNow();
        }
        if (registries != null) {
            registries.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Order(1)
    @TestFactory
    Stream<DynamicTest> theNodeShows() {
        return Stream.concat(
                cases.stream().map(each -> DynamicTest.dynamicTest(each.shows(), () -> outcome(each))),
                skipped.stream()
                        .map(each -> DynamicTest.dynamicTest(
                                each.shows(), () -> abort("for nodes with " + each.where() + ": " + each.shows()))));
    }

    @Test
    @Order(2)
    void anImageThatOnesPasswordBroughtIsNotForWhoHasNone() throws IOException {
        Kubectl kubectl = cluster.kubectl(Kubectl.installed().getFirst());
        kubectl.run(
                "create",
                "secret",
                "docker-registry",
                "readers",
                "--docker-server=" + Registries.CLOSED,
                "--docker-username=reader",
                "--docker-password=secret");
        kubectl.runWithInput(ofPrivateImage("first", "IfNotPresent", "{name: readers}"), "create", "-f", "-");
        kubectl.run("wait", "--for=condition=Ready", "pod/first", "--timeout=60s");
        kubectl.runWithInput(
                ofPrivateImage("second", "IfNotPresent", "{name: readers}")
                        + ofPrivateImage("stranger", "IfNotPresent", "")
                        + ofPrivateImage("offline", "Never", ""),
                "create",
                "-f",
                "-");
        kubectl.run("wait", "--for=condition=Ready", "pod/second", "--timeout=60s");
        String waiting = "{.status.containerStatuses[0].state.waiting.reason}";
        kubectl.run("wait", "--for=jsonpath=" + waiting + "=ImagePullBackOff", "pod/stranger", "--timeout=60s");
        kubectl.run("wait", "--for=jsonpath=" + waiting + "=ErrImageNeverPull", "pod/offline", "--timeout=60s");
        assertThat(kubectl.run("get", "events", "--field-selector", "involvedObject.name=second"))
                .contains("already present on machine")
                .doesNotContain("Pulling image");
        assertThat(kubectl.run("get", "events", "--field-selector", "involvedObject.name=stranger"))
                .contains("Failed to pull image");
        assertThat(kubectl.run("get", "events", "--field-selector", "involvedObject.name=offline"))
                .contains("is present, but was pulled with credentials that the pod does not have");
        kubectl.run("delete", "pod", "first", "second", "stranger", "offline", "--now");
    }

    @Test
    @Order(2)
    void theMachinesOwnLogsAreThereForWhoMayReadThem() throws IOException {
        Kubectl kubectl = cluster.kubectl(Kubectl.installed().getFirst());
        String logs = "/api/v1/nodes/conformance/proxy/logs/";
        try (Stream<Path> folders = Files.list(Path.of("/var/log")).filter(Files::isDirectory)) {
            String listing = kubectl.run("get", "--raw", logs);
            for (Path folder : folders.toList()) {
                String name = folder.getFileName() + "/";
                assertThat(listing).contains(">" + name + "</a>");
                assertThat(kubectl.run("get", "--raw", logs + name)).startsWith("<pre>\n");
            }
        }
        assertThat(kubectl.result("get", "--raw", logs + "none").err())
                .contains("could not find the requested resource");
        assertThat(kubectl.result("get", "--raw", logs, "--as=nobody").err()).contains("forbidden");
    }

    private static String ofPrivateImage(String name, String policy, String secret) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: default}
                spec:
                  terminationGracePeriodSeconds: 0
                  imagePullSecrets: [%s]
                  containers:
                  - {name: main, image: "%s/plain/three:latest", imagePullPolicy: %s, command: [sleep, "100000"]}
                ---
                """.formatted(name, secret, Registries.CLOSED, policy);
    }

    /** After all others, whom it would drive out too. */
    @Test
    @Order(3)
    void whoDoesNotTolerateATaintIsDrivenOutWhenItsTimeIsOver() throws IOException {
        Kubectl kubectl = cluster.kubectl(Kubectl.installed().getFirst());
        kubectl.runWithInput("""
                apiVersion: v1
                kind: Pod
                metadata: {name: stays, namespace: default}
                spec:
                  terminationGracePeriodSeconds: 0
                  tolerations: [{key: gone, operator: Exists}]
                  containers: [{name: main, image: "vertikube.local/busybox:1", command: [sleep, "100000"]}]
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: goes, namespace: default}
                spec:
                  terminationGracePeriodSeconds: 0
                  tolerations: [{key: gone, operator: Exists, effect: NoExecute, tolerationSeconds: 3}]
                  containers: [{name: main, image: "vertikube.local/busybox:1", command: [sleep, "100000"]}]
                """, "create", "-f", "-");
        kubectl.run("wait", "--for=condition=Ready", "pod/stays", "pod/goes", "--timeout=60s");
        kubectl.run("taint", "node", "conformance", "gone=soon:NoExecute");
        kubectl.run("wait", "--for=delete", "pod/goes", "--timeout=60s");
        assertThat(kubectl.run("get", "pod", "stays", "-o", "jsonpath={.status.phase}"))
                .isEqualTo("Running");
        assertThat(kubectl.run("get", "events")).containsPattern("TaintManagerEviction +pod/goes");
    }

    private static void outcome(ConformanceCase each) throws InterruptedException {
        try {
            outcomes.get(each.name()).get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        }
    }
}
