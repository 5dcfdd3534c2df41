package io.vertikube.e2e.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertikube.e2e.host.Host;
import io.vertikube.e2e.host.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What a new user does with the cluster that one command made: real containers, real kubectl, everything in one JVM on
 * the embedded store. The tests share the cluster and leave nothing behind.
 */
@RequiresRoot
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class OneJvmOnContainersTest {

    private static final Duration LONG = Duration.ofSeconds(90);

    private static MachineCluster cluster;
    private static Kubectl kubectl;

    @BeforeAll
    static void up() throws IOException {
        cluster = MachineCluster.start("one-jvm");
        cluster.importImages("web", "toolbox", "busybox", "redis", "vote", "worker");
        kubectl = cluster.kubectl(Kubectl.installed().get(0));
    }

    @AfterAll
    static void downLeavesNothing() throws IOException {
        if (cluster == null) {
            return;
        }
        Path data = cluster.dataDir();
        Shell shell = cluster.shell();
        cluster.down("--purge");
        String mounts = shell.run(LONG, "cat", "/proc/self/mounts").orFail();
        String links = shell.run(LONG, "ip", "-o", "link").orFail();
        String tables = shell.run(LONG, "nft", "list", "tables").orFail();
        cluster.host().close();
        assertThat(mounts).doesNotContain(data.toString());
        assertThat(links).doesNotContain("vk0").doesNotContain("vk-s").doesNotContain("veth");
        assertThat(tables).doesNotContain("vertikube");
        assertThat(data).doesNotExist();
        assertThat(processesNaming(data.toString())).isEmpty();
        assertThat(Path.of("/sys/fs/cgroup/memory/kubepods")).doesNotExist();
    }

    @Test
    @Order(1)
    void anotherUpSaysThatTheClusterIsUp() {
        assertThat(cluster.up()).contains("The cluster is up");
    }

    @Test
    @Order(2)
    void aDeploymentWithServicesIsReachedThroughThem() {
        kubectl.run("apply", "-f", MachineCluster.example("web.yaml").toString());
        kubectl.run("rollout", "status", "deployment/web", "--timeout=90s");
        String pods = kubectl.run("get", "pods", "-l", "app=web", "-o", "wide");
        assertThat(pods.lines().skip(1)).hasSize(3).allMatch(line -> line.contains("1/1") && line.contains("Running"));
        String ips = kubectl.run("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].status.podIP}");
        assertThat(Set.of(ips.split(" "))).hasSize(3);
        String clusterIp = kubectl.run("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}");
        assertThat(everyoneWhoAnswers("http://" + clusterIp + "/hostname", 3)).hasSize(3);
        assertThat(everyoneWhoAnswers("http://" + Host.ADDRESS + ":30080/hostname", 3))
                .hasSize(3);
        assertThat(curl("http://" + clusterIp + "/")).contains("Hello from Vertikube");
        assertThat(curl("http://127.0.0.1:30080/")).isNotNull();
    }

    @Test
    @Order(3)
    void everyKubectlSeesTheSame() throws IOException {
        for (Path version : Kubectl.installed()) {
            Kubectl other = cluster.kubectl(version);
            System.out.println("with " + version.getFileName() + ": "
                    + other.run("version", "--client").lines().findFirst().orElse(""));
            assertThat(other.run("get", "deployments,pods,services,endpointslices", "-o", "wide"))
                    .contains("deployment.apps/web");
            assertThat(other.run("describe", "deployment", "web")).contains("Replicas:", "3 available");
            assertThat(other.run("describe", "pod", "-l", "app=web"))
                    .contains("Successfully assigned", "Started container");
            assertThat(other.run("logs", "deployment/web", "--tail=5")).isNotNull();
            assertThat(other.run(
                            "exec", "deployment/web", "--", "sh", "-c", "echo $MOTD; cat /usr/share/nginx/html/motd"))
                    .contains("served by nginx");
            assertThat(other.runWithInput("a line\nanother\n", "exec", "-i", "deployment/web", "--", "cat"))
                    .isEqualTo("a line\nanother\n");
            assertThat(other.result("exec", "deployment/web", "--", "sh", "-c", "exit 7")
                            .exitCode())
                    .isEqualTo(7);
            other.run("create", "deployment", "made", "--image=vertikube.local/web:1");
            other.run("apply", "-f", MachineCluster.example("web.yaml").toString());
            other.run("delete", "deployment", "made", "--wait=false");
        }
    }

    @Test
    @Order(4)
    void scalingAndRollingAndGoingBack() {
        kubectl.run("scale", "deployment/web", "--replicas=4");
        kubectl.run("rollout", "status", "deployment/web", "--timeout=90s");
        kubectl.run("set", "image", "deployment/web", "nginx=vertikube.local/web:2");
        kubectl.run("rollout", "status", "deployment/web", "--timeout=90s");
        assertThat(imagesOfRunningPods()).isEqualTo("vertikube.local/web:2");
        assertThat(kubectl.run("rollout", "history", "deployment/web")).contains("1", "2");
        kubectl.run("rollout", "undo", "deployment/web");
        kubectl.run("rollout", "status", "deployment/web", "--timeout=90s");
        assertThat(imagesOfRunningPods()).isEqualTo("vertikube.local/web:1");
        kubectl.run("scale", "deployment/web", "--replicas=3");
        await().atMost(LONG)
                .until(() -> kubectl.run("get", "pods", "-l", "app=web", "-o", "name")
                                .lines()
                                .count()
                        == 3);
    }

    @Test
    @Order(5)
    void aDeletedPodIsReplaced() {
        String before = kubectl.run("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[0].metadata.name}");
        kubectl.run("delete", "pod", before);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                kubectl.run("get", "deployment", "web", "-o", "jsonpath={.status.readyReplicas}"))
                        .isEqualTo("3"));
        assertThat(kubectl.run("get", "pods", "-l", "app=web", "-o", "name")).doesNotContain(before);
    }

    @Test
    @Order(6)
    void aContainerThatFailsIsRestartedWithBackOff() {
        kubectl.run("apply", "-f", MachineCluster.example("crashing.yaml").toString());
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(kubectl.run("get", "pod", "crashing")).contains("CrashLoopBackOff"));
        assertThat(kubectl.run("logs", "crashing", "--previous")).contains("started at", "giving up");
        assertThat(kubectl.run("get", "events", "--field-selector", "involvedObject.name=crashing"))
                .contains("Scheduled", "Pulled", "Created", "Started", "BackOff");
        kubectl.run("delete", "pod", "crashing", "--now");
    }

    @Test
    @Order(7)
    void aKilledContainerComesBack() {
        String pod = kubectl.run("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[0].metadata.name}");
        kubectl.result("exec", pod, "--", "sh", "-c", "kill -9 1 || kill -QUIT 1");
        kubectl.result("exec", pod, "--", "/usr/sbin/nginx", "-s", "stop");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                kubectl.run(
                                        "get",
                                        "pod",
                                        pod,
                                        "-o",
                                        "jsonpath={.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].ready}"))
                        .isEqualTo("1 true"));
    }

    @Test
    @Order(8)
    void theVotingApplicationFindsItsParts() {
        kubectl.run("apply", "-f", MachineCluster.example("voting.yaml").toString());
        for (String part : List.of("redis", "vote", "worker")) {
            kubectl.run("-n", "voting", "rollout", "status", "deployment/" + part, "--timeout=90s");
        }
        String front = "http://" + Host.ADDRESS + ":30090";
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(curl(front + "/results")).contains("cats"));
        for (int i = 0; i < 3; i++) {
            cluster.shell()
                    .run(LONG, "curl", "-sS", "-f", "-X", "POST", front + "/vote?for=cats")
                    .orFail();
        }
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(curl(front + "/results")).contains("\"cats\": 3"));
        kubectl.run("delete", "namespace", "voting");
        assertThat(kubectl.result("get", "namespace", "voting").exitCode()).isNotZero();
    }

    @Test
    @Order(8)
    void aStatefulSetKeepsWhatItsPodsWrote() {
        kubectl.run("apply", "-f", MachineCluster.example("stateful.yaml").toString());
        kubectl.run("rollout", "status", "statefulset/ledger", "--timeout=90s");
        kubectl.run("delete", "pod", "ledger-1");
        kubectl.run("rollout", "status", "statefulset/ledger", "--timeout=90s");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(kubectl.run("exec", "ledger-1", "--", "cat", "/data/starts"))
                        .isEqualTo("ledger-1 started\nledger-1 started\n"));
        assertThat(kubectl.run("exec", "ledger-0", "--", "cat", "/data/starts")).isEqualTo("ledger-0 started\n");
        kubectl.run("delete", "-f", MachineCluster.example("stateful.yaml").toString());
        assertThat(kubectl.run("get", "pvc", "-l", "app=ledger")).contains("data-ledger-0", "Bound", "local-path");
        kubectl.run("delete", "pvc", "-l", "app=ledger", "--timeout=60s");
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(kubectl.run("get", "pv", "-o", "name")).isBlank());
    }

    @Test
    @Order(9)
    void namesAreAnsweredInPods() {
        kubectl.run("apply", "-f", MachineCluster.example("toolbox.yaml").toString());
        kubectl.run("wait", "--for=condition=Ready", "pod/toolbox", "--timeout=60s");
        assertThat(kubectl.run("exec", "toolbox", "--", "curl", "-sS", "http://web.default/hostname"))
                .startsWith("web-");
        assertThat(kubectl.run("exec", "toolbox", "--", "getent", "hosts", "kubernetes"))
                .contains("10.96.0.1");
        assertThat(kubectl.result("exec", "toolbox", "--", "getent", "hosts", "ghost.default")
                        .exitCode())
                .isNotZero();
        assertThat(kubectl.run(
                        "exec", "toolbox", "--", "cat", "/var/run/secrets/kubernetes.io/serviceaccount/namespace"))
                .isEqualTo("default");
    }

    @Test
    @Order(10)
    void logsAreFollowed() throws IOException {
        Path out = Files.createTempFile("vk-e2e-", ".log");
        Path err = Files.createTempFile("vk-e2e-", ".log");
        Process follow = cluster.shell()
                .start(List.of(kubectl.executable().toString(), "logs", "-f", "deployment/web", "--tail=0"), out, err);
        try {
            await().atMost(LONG).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
                for (int i = 0; i < 6; i++) {
                    curl("http://127.0.0.1:30080/followed");
                    curl("http://" + Host.ADDRESS + ":30080/followed");
                }
                assertThat(Files.readString(out)).contains("GET /followed");
            });
        } finally {
            follow.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** The figures come from cgroups through the runtime and the kubelet: a loop takes a whole core or its limit. */
    @Test
    @Order(10)
    void whatAPodBurnsIsSeen() throws IOException {
        kubectl.run(
                "run",
                "burner",
                "--image=vertikube.local/toolbox:1",
                "--restart=Never",
                "--overrides={\"spec\":{\"terminationGracePeriodSeconds\":0,\"containers\":[{\"name\":\"burner\","
                        + "\"image\":\"vertikube.local/toolbox:1\",\"command\":[\"sh\",\"-c\",\"while :; do :; done\"],"
                        + "\"resources\":{\"limits\":{\"cpu\":\"400m\",\"memory\":\"64Mi\"}}}]}}");
        kubectl.run("wait", "pod/burner", "--for=condition=Ready", "--timeout=60s");
        for (Path version : Kubectl.installed()) {
            Kubectl other = cluster.kubectl(version);
            await().atMost(LONG).ignoreExceptions().untilAsserted(() -> {
                String[] used = other.run("top", "pod", "burner", "--no-headers")
                        .strip()
                        .split(" +");
                System.out.println("top pod: " + String.join(" ", used));
                assertThat(Integer.parseInt(used[1].replace("m", ""))).isBetween(200, 450);
                assertThat(Integer.parseInt(used[2].replace("Mi", ""))).isBetween(0, 64);
            });
            String node = other.run("top", "node", "--no-headers").strip();
            System.out.println("top node: " + node);
            assertThat(Integer.parseInt(node.split(" +")[1].replace("m", ""))).isGreaterThan(200);
            assertThat(other.run("top", "pod", "-A", "--containers")).contains("burner");
        }
        kubectl.run("delete", "pod", "burner", "--now");
    }

    @Test
    @Order(11)
    void aServerKilledAtOnceLosesNothingAndItsContainersGoOn() throws IOException {
        String before = containerIds();
        kubectl.run("create", "configmap", "kept", "--from-literal=a=1");
        cluster.killNow("server");
        assertThat(cluster.up()).contains("is Ready");
        assertThat(kubectl.run("get", "configmap", "kept", "-o", "jsonpath={.data.a}"))
                .isEqualTo("1");
        kubectl.run("rollout", "status", "deployment/web", "--timeout=90s");
        assertThat(containerIds()).isEqualTo(before);
        assertThat(curl("http://" + Host.ADDRESS + ":30080/healthz")).contains("ok");
    }

    @Test
    @Order(12)
    void deletionTakesEverythingAlong() {
        kubectl.run("delete", "-f", MachineCluster.example("web.yaml").toString());
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(kubectl.run("get", "pods,replicasets", "-l", "app=web", "-o", "name"))
                        .isEmpty());
        assertThat(cluster.shell()
                        .run(LONG, "curl", "-sS", "-m", "3", "http://" + Host.ADDRESS + ":30080/")
                        .exitCode())
                .isNotZero();
    }

    /** Of the pods that stay: those on their way out may still be there. */
    private static String imagesOfRunningPods() {
        var images = new HashSet<String>();
        String list = kubectl.run(
                "get",
                "pods",
                "-l",
                "app=web",
                "-o",
                "jsonpath={range .items[*]}{.metadata.deletionTimestamp} {.spec.containers[0].image}{\"\\n\"}{end}");
        list.lines().filter(line -> line.startsWith(" ")).forEach(line -> images.add(line.strip()));
        return String.join(" ", images);
    }

    private static String containerIds() {
        return kubectl.run("get", "pods", "-A", "-o", "jsonpath={.items[*].status.containerStatuses[*].containerID}");
    }

    /** Asks until so many different ones have answered, or often enough. */
    private static Set<String> everyoneWhoAnswers(String url, int expected) {
        var seen = new HashSet<String>();
        for (int i = 0; i < 100 && seen.size() < expected; i++) {
            seen.add(curl(url).strip());
        }
        return seen;
    }

    private static String curl(String url) {
        return cluster.shell().run(LONG, "curl", "-sS", "-m", "5", url).out();
    }

    private static List<String> processesNaming(String text) {
        var found = new ArrayList<String>();
        ProcessHandle.allProcesses()
                .map(p -> p.info().commandLine().orElse(""))
                .filter(line -> line.contains(text) && !line.contains("surefire"))
                .forEach(found::add);
        return found;
    }
}
