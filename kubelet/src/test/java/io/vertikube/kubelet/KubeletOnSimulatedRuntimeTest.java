package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.vertikube.client.ListOptions;
import io.vertikube.kubelet.node.NodeOptions;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.value.Cidr;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole kubelet against a real API server, with simulated containers. */
class KubeletOnSimulatedRuntimeTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private TestCluster cluster;
    private SimulatedRuntime runtime;
    private KubeletService kubelet;

    @BeforeEach
    void start() throws IOException {
        cluster = new TestCluster(folder);
        runtime = new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"));
        kubelet = cluster.kubelet(
                cluster.options("node-a", KubeletOptions.SIMULATED, folder.resolve("a")), new KeptRuntime(runtime));
        await().atMost(SOON).until(kubelet::nodeReady);
    }

    @AfterEach
    void stop() {
        kubelet.close();
        cluster.close();
    }

    @Test
    void nodeIsRegisteredReadyAndKeepsALease() {
        Node node = cluster.client.of(Node.class).get("", "node-a");
        assertThat(node.getMetadata().getLabels())
                .containsEntry("kubernetes.io/hostname", "node-a")
                .containsEntry("kubernetes.io/os", "linux");
        assertThat(node.getStatus().getConditions())
                .filteredOn(condition -> condition.getType().equals("Ready"))
                .singleElement()
                .satisfies(ready -> {
                    assertThat(ready.getStatus()).isEqualTo("True");
                    assertThat(ready.getReason()).isEqualTo("KubeletReady");
                });
        assertThat(node.getStatus().getCapacity()).containsKeys("cpu", "memory", "pods", "ephemeral-storage");
        assertThat(node.getStatus().getDaemonEndpoints().getKubeletEndpoint().getPort())
                .isEqualTo(kubelet.port());
        await().atMost(SOON)
                .until(() -> cluster.client
                        .of(Lease.class)
                        .find("kube-node-lease", "node-a")
                        .isPresent());
    }

    @Test
    void whatACloudKnowsTheMachineByIsInItsNode() throws IOException {
        KubeletOptions options = cluster.options("node-c", KubeletOptions.SIMULATED, cluster.folder.resolve("node-c"));
        var node = new NodeOptions(true, 50, 0, Optional.of("cloud:///m1"));
        try (var other = cluster.kubelet(options.with(options.policies().with(node)))) {
            await().atMost(SOON).until(other::nodeReady);
            assertThat(cluster.client.of(Node.class).get("", "node-c").getSpec().getProviderID())
                    .isEqualTo("cloud:///m1");
        }
    }

    @Test
    void nodeThatIsNotToBeRegisteredIsWaitedFor() throws Exception {
        KubeletOptions options = cluster.options("node-b", KubeletOptions.SIMULATED, cluster.folder.resolve("node-b"));
        try (var other = cluster.kubelet(
                options.with(options.policies().with(new NodeOptions(false, 50, 0, Optional.empty()))))) {
            Thread.sleep(Duration.ofSeconds(2));
            assertThat(cluster.client.of(Node.class).find("", "node-b")).isEmpty();
            assertThat(other.nodeReady()).isFalse();
            cluster.client
                    .of(Node.class)
                    .create(new NodeBuilder()
                            .withNewMetadata()
                            .withName("node-b")
                            .addToLabels("whose", "mine")
                            .endMetadata()
                            .build());
            await().atMost(Duration.ofSeconds(20)).until(other::nodeReady);
            assertThat(cluster.client
                            .of(Node.class)
                            .get("", "node-b")
                            .getMetadata()
                            .getLabels())
                    .as("whoever makes the Node labels it")
                    .containsEntry("whose", "mine")
                    .doesNotContainKey("kubernetes.io/hostname");
        }
    }

    @Test
    void podRunsBecomesReadyAndIsDeletedWithGrace() {
        create("""
                metadata: {name: web, namespace: default}
                spec:
                  nodeName: node-a
                  terminationGracePeriodSeconds: 1
                  containers:
                  - {name: main, image: "nginx:1"}
                """);
        await().atMost(SOON).until(() -> isReady("web"));
        Pod pod = cluster.pod("web");
        assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
        assertThat(pod.getStatus().getPodIP()).startsWith("10.77.0.");
        assertThat(pod.getStatus().getHostIP()).isEqualTo("127.0.0.1");
        assertThat(pod.getStatus().getQosClass()).isEqualTo("BestEffort");
        assertThat(pod.getStatus().getContainerStatuses().getFirst().getContainerID())
                .startsWith("simulated://");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(eventReasons("web")).contains("Pulling", "Pulled", "Created", "Started"));

        cluster.client.of(Pod.class).delete("default", "web");
        await().atMost(SOON).until(() -> cluster.find("web").isEmpty());
        await().atMost(SOON).until(() -> runtime.sandboxes(Map.of()).isEmpty());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(folder.resolve("a/pods")).isEmptyDirectory());
    }

    @Test
    void failingContainerIsRestartedThenHeldBack() {
        create("""
                metadata: {name: crash, namespace: default}
                spec:
                  nodeName: node-a
                  containers:
                  - {name: main, image: "busybox:1", command: [sh, -c, "echo no; exit 3"]}
                """);
        await().atMost(SOON).untilAsserted(() -> {
            var status = cluster.pod("crash").getStatus().getContainerStatuses().getFirst();
            assertThat(status.getRestartCount()).isEqualTo(1);
            assertThat(status.getState().getWaiting().getReason()).isEqualTo("CrashLoopBackOff");
            assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(3);
        });
        assertThat(cluster.pod("crash").getStatus().getPhase()).isEqualTo("Running");
    }

    @Test
    void finishedPodSucceedsAndKeepsItsExitCode() {
        create("""
                metadata: {name: job, namespace: default}
                spec:
                  nodeName: node-a
                  restartPolicy: Never
                  initContainers:
                  - {name: first, image: "busybox:1", command: ["true"]}
                  containers:
                  - {name: main, image: "busybox:1", command: [sh, -c, "echo done; sleep 0.2"]}
                """);
        await().atMost(SOON)
                .until(() -> cluster.pod("job").getStatus().getPhase().equals("Succeeded"));
        var status = cluster.pod("job").getStatus();
        assertThat(status.getInitContainerStatuses()
                        .getFirst()
                        .getState()
                        .getTerminated()
                        .getReason())
                .isEqualTo("Completed");
        assertThat(status.getContainerStatuses()
                        .getFirst()
                        .getState()
                        .getTerminated()
                        .getExitCode())
                .isZero();
        assertThat(status.getConditions())
                .filteredOn(condition -> condition.getType().equals("Ready"))
                .extracting(PodCondition::getReason)
                .containsExactly("PodCompleted");
    }

    @Test
    void imageThatCannotBePulledWaitsWithItsReason() {
        create("""
                metadata: {name: missing, namespace: default}
                spec:
                  nodeName: node-a
                  containers:
                  - {name: main, image: "example.test/does-not-exist:1"}
                """);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(waitingReason("missing")).isIn("ErrImagePull", "ImagePullBackOff"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(waitingReason("missing")).isEqualTo("ImagePullBackOff"));
        assertThat(cluster.pod("missing").getStatus().getPhase()).isEqualTo("Pending");
    }

    @Test
    void missingConfigurationIsNamed() {
        create("""
                metadata: {name: conf, namespace: default}
                spec:
                  nodeName: node-a
                  containers:
                  - name: main
                    image: "busybox:1"
                    envFrom: [{configMapRef: {name: absent}}]
                """);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(waitingReason("conf")).isEqualTo("CreateContainerConfigError"));
        assertThat(cluster.pod("conf")
                        .getStatus()
                        .getContainerStatuses()
                        .getFirst()
                        .getState()
                        .getWaiting()
                        .getMessage())
                .isEqualTo("configmap \"absent\" not found");
    }

    @Test
    void restartedKubeletFindsItsContainersAndTouchesNone() throws IOException {
        create("""
                metadata: {name: stays, namespace: default}
                spec:
                  nodeName: node-a
                  containers:
                  - {name: main, image: "nginx:1"}
                """);
        await().atMost(SOON).until(() -> isReady("stays"));
        String before = cluster.pod("stays")
                .getStatus()
                .getContainerStatuses()
                .getFirst()
                .getContainerID();
        kubelet.close();
        kubelet = cluster.kubelet(
                cluster.options("node-a", KubeletOptions.SIMULATED, folder.resolve("a")), new KeptRuntime(runtime));
        await().atMost(SOON).until(kubelet::nodeReady);
        await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> isReady("stays"));
        var after = cluster.pod("stays").getStatus().getContainerStatuses().getFirst();
        assertThat(after.getContainerID()).isEqualTo(before);
        assertThat(after.getRestartCount()).isZero();
    }

    @Test
    void runtimeThatIsGoneMakesTheNodeNotReadyUntilItIsBack() throws IOException {
        kubelet.close();
        var down = new java.util.concurrent.atomic.AtomicBoolean(true);
        kubelet = cluster.kubelet(
                cluster.options("node-a", KubeletOptions.SIMULATED, folder.resolve("a")),
                new KeptRuntime(runtime, down::get));
        await().atMost(SOON).untilAsserted(() -> {
            NodeCondition ready = readyCondition();
            assertThat(ready.getStatus()).isEqualTo("False");
            assertThat(ready.getReason()).isEqualTo("KubeletNotReady");
            assertThat(ready.getMessage()).contains("container runtime is down");
        });
        down.set(false);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(readyCondition().getStatus()).isEqualTo("True"));
    }

    @Test
    void kubeletsApiAsksWhoCallsAndRunsNothingForReaders() throws Exception {
        create("""
                metadata: {name: seen, namespace: default}
                spec:
                  nodeName: node-a
                  containers:
                  - {name: main, image: "busybox:1", command: [sh, -c, "echo hello; sleep 1000"]}
                """);
        await().atMost(SOON).until(() -> isReady("seen"));
        grant("reader", "get");
        assertThat(call(null, "GET", "/healthz")).isEqualTo("200 ok");
        assertThat(call(null, "GET", "/pods")).startsWith("401 ");
        assertThat(call("stranger", "GET", "/pods"))
                .startsWith("403 ")
                .contains("verb=get")
                .contains("nodes");
        assertThat(call("reader", "GET", "/pods")).startsWith("200 ").contains("\"name\":\"seen\"");
        assertThat(call("reader", "GET", "/exec/default/seen/main?command=true&output=1"))
                .startsWith("403 ")
                .contains("verb=create");
        assertThat(call("reader", "GET", "/attach/default/seen/main?output=1")).startsWith("403 ");
        assertThat(call("reader", "GET", "/portForward/default/seen?port=80")).startsWith("403 ");
        assertThat(call("reader", "GET", "/stats/summary")).startsWith("403 ").contains("subresource=stats");
        assertThat(call("admin", "GET", "/stats/summary")).startsWith("200 ").contains("\"podRef\"");
        assertThat(call("admin", "GET", "/metrics/resource"))
                .contains("container_cpu_usage_seconds_total{container=\"main\",namespace=\"default\",pod=\"seen\"}");
        assertThat(call("admin", "GET", "/metrics")).contains("kubelet_running_pods 1.0");
        assertThat(call("admin", "GET", "/containerLogs/default/seen/main")).isEqualTo("200 hello\n");
        assertThat(call("admin", "GET", "/containerLogs/default/seen/other"))
                .isEqualTo("404 container \"other\" not found in pod \"seen\"\n");
        assertThat(call("admin", "GET", "/containerLogs/default/seen/main?previous=true"))
                .isEqualTo("400 previous terminated container \"main\" in pod \"seen\" not found\n");
        assertThat(call("admin", "GET", "/containerLogs/default/seen/main?tailLines=x"))
                .startsWith("400 tailLines");
        assertThat(call("admin", "POST", "/exec/default/seen/main?command=true&output=1"))
                .isEqualTo("400 Upgrade request required\n");
        assertThat(call("admin", "GET", "/elsewhere")).startsWith("404 ");
    }

    @Test
    void podRemovedByForceIsCleanedUp() {
        create("""
                metadata: {name: forced, namespace: default}
                spec:
                  nodeName: node-a
                  containers:
                  - {name: main, image: "nginx:1"}
                """);
        await().atMost(SOON).until(() -> isReady("forced"));
        cluster.client
                .of(Pod.class)
                .delete(
                        "default",
                        "forced",
                        new DeleteOptionsBuilder().withGracePeriodSeconds(0L).build());
        await().atMost(SOON).until(() -> runtime.sandboxes(Map.of()).isEmpty());
    }

    private void create(String yaml) {
        Pod pod = TestPods.parse(yaml);
        pod.setApiVersion("v1");
        pod.setKind("Pod");
        cluster.client.of(Pod.class).create(pod);
    }

    private NodeCondition readyCondition() {
        return cluster.client.of(Node.class).get("", "node-a").getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("Ready"))
                .findFirst()
                .orElseThrow();
    }

    private void grant(String user, String verb) {
        cluster.client.raw(
                "POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", "application/json", """
                {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "%1$s"},
                 "rules": [{"apiGroups": [""], "resources": ["nodes/proxy"], "verbs": ["%2$s"]}]}
                """.formatted(user, verb)
                        .getBytes(StandardCharsets.UTF_8));
        cluster.client.raw(
                "POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", "application/json", """
                {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "%1$s"},
                 "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "%1$s"},
                 "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "%1$s"}]}
                """.formatted(
                                user)
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** Asks the kubelet itself; the answer's code and body. */
    private String call(String user, String method, String path) throws Exception {
        var options = new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(false)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(cluster.authority())));
        if (user != null) {
            var identity = cluster.identity(user, user.equals("admin") ? "system:masters" : "people");
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(identity.certificate()))
                    .addKeyValue(Buffer.buffer(identity.key())));
        }
        HttpClient client = cluster.vertx.createHttpClient(options);
        try {
            return client.request(HttpMethod.valueOf(method), kubelet.port(), "127.0.0.1", path)
                    .compose(request -> request.send()
                            .compose(response -> response.body().map(body -> response.statusCode() + " " + body)))
                    .await();
        } finally {
            client.close();
        }
    }

    /** What is not there yet counts as not yet. */
    private static org.awaitility.core.ConditionFactory await() {
        return org.awaitility.Awaitility.await().ignoreExceptions();
    }

    private boolean isReady(String name) {
        Pod pod = cluster.pod(name);
        return pod.getStatus() != null
                && pod.getStatus().getConditions() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }

    private String waitingReason(String name) {
        var statuses = cluster.pod(name).getStatus().getContainerStatuses();
        return statuses == null
                        || statuses.isEmpty()
                        || statuses.getFirst().getState().getWaiting() == null
                ? ""
                : statuses.getFirst().getState().getWaiting().getReason();
    }

    private List<String> eventReasons(String pod) {
        return cluster.client.of(Event.class).list("default", ListOptions.all()).items().stream()
                .filter(event -> pod.equals(event.getInvolvedObject().getName()))
                .map(Event::getReason)
                .toList();
    }
}
