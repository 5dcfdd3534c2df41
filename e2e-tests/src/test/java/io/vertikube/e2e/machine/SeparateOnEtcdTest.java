package io.vertikube.e2e.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertikube.e2e.host.Host;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The same services as processes of their own over a real etcd; and what is left standing when one of them dies. */
@RequiresRoot
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SeparateOnEtcdTest {

    private static final Duration LONG = Duration.ofSeconds(90);

    private static MachineCluster cluster;
    private static Kubectl kubectl;

    @BeforeAll
    static void up() throws IOException {
        cluster = MachineCluster.start("separate", "--store", "etcd", "--separate");
        cluster.importImages("web");
        kubectl = cluster.kubectl(Kubectl.installed().get(0));
    }

    @AfterAll
    static void down() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void aDeploymentRuns() {
        kubectl.run("apply", "-f", MachineCluster.example("web.yaml").toString());
        kubectl.run("rollout", "status", "deployment/web", "--timeout=120s");
        // A rollout is done when its pods are ready; that a Service leads to them is known a moment later.
        answers(30080);
        kubectl.run(
                "expose", "deployment/web", "--name=front", "--type=LoadBalancer", "--port=8081", "--target-port=http");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(kubectl.run(
                                "get", "service", "front", "-o", "jsonpath={.status.loadBalancer.ingress[*].ip}"))
                        .isEqualTo(Host.ADDRESS));
        answers(8081);
    }

    private static void answers(int port) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(cluster.shell()
                                .run(LONG, "curl", "-sS", "-m", "5", "http://" + Host.ADDRESS + ":" + port + "/healthz")
                                .out())
                        .contains("ok"));
    }

    @Test
    @Order(2)
    void aNodeAgentThatDiesFindsItsContainersAgain() throws IOException {
        String before = containers();
        cluster.killNow("kubelet");
        cluster.up();
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(kubectl.run("get", "nodes")).contains(" Ready "));
        kubectl.run("scale", "deployment/web", "--replicas=4");
        kubectl.run("rollout", "status", "deployment/web", "--timeout=90s");
        assertThat(containers().split(" ")).contains(before.split(" "));
        assertThat(kubectl.run("get", "pods", "-o", "jsonpath={.items[*].status.containerStatuses[*].restartCount}"))
                .isEqualTo("0 0 0 0");
    }

    @Test
    @Order(3)
    void anApiServerThatDiesHasLostNothing() throws IOException {
        for (int i = 0; i < 20; i++) {
            kubectl.run("create", "configmap", "kept-" + i, "--from-literal=n=" + i);
        }
        cluster.killNow("apiserver");
        cluster.up();
        assertThat(kubectl.run("get", "configmaps", "-o", "name").lines().filter(n -> n.contains("kept-")))
                .hasSize(20);
        kubectl.run("scale", "deployment/web", "--replicas=2");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(kubectl.run("get", "pods", "-l", "app=web", "-o", "name")
                                .lines())
                        .hasSize(2));
    }

    @Test
    @Order(4)
    void aCallerWithoutACertificateIsNobody() {
        String code = cluster.shell()
                .run(LONG, "curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", "https://127.0.0.1:6443/api/v1/pods")
                .orFail();
        assertThat(code).isEqualTo("401");
        assertThat(cluster.shell()
                        .run(LONG, "curl", "-sk", "https://127.0.0.1:6443/readyz")
                        .orFail())
                .isEqualTo("ok");
    }

    @Test
    @Order(5)
    void everyServiceTellsItsHealthAndItsFigures() {
        Path pki = cluster.dataDir().resolve("pki");
        for (String endpoint : List.of(
                "https://127.0.0.1:6443", // API server
                "https://127.0.0.1:10259", // scheduler
                "https://127.0.0.1:10257", // controller-manager
                "https://127.0.0.1:10250", // kubelet
                "http://127.0.0.1:10249")) { // kube-proxy
            for (String path : List.of("/healthz", "/livez", "/readyz")) {
                assertThat(ask(pki, endpoint + path)).isEqualTo("ok");
            }
            assertThat(ask(pki, endpoint + "/metrics")).contains("# TYPE ");
        }
        assertThat(cluster.shell()
                        .run(LONG, "curl", "-sk", "https://127.0.0.1:10259/metrics")
                        .orFail())
                .contains("Unauthorized");
    }

    private static String ask(Path pki, String url) {
        return cluster.shell()
                .run(
                        LONG,
                        "curl",
                        "-sS",
                        "--cacert",
                        pki.resolve("ca.crt").toString(),
                        "--cert",
                        pki.resolve("client-admin.crt").toString(),
                        "--key",
                        pki.resolve("client-admin.key").toString(),
                        url)
                .orFail();
    }

    private static String containers() {
        return kubectl.run("get", "pods", "-o", "jsonpath={.items[*].status.containerStatuses[*].containerID}");
    }
}
