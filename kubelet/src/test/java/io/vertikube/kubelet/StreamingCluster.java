package io.vertikube.kubelet;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** An API server and one ready node whose simulated containers have streams, with a client that upgrades connections. */
final class StreamingCluster implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(20);

    final TestCluster cluster;
    final SimulatedRuntime runtime;
    final KubeletService kubelet;
    final UpgradeClient admin;

    StreamingCluster(Path folder) throws IOException {
        cluster = new TestCluster(folder);
        runtime = new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"));
        kubelet = cluster.kubelet(
                cluster.options("node-a", KubeletOptions.SIMULATED, folder.resolve("a")), new KeptRuntime(runtime));
        await().atMost(SOON).until(kubelet::nodeReady);
        admin = client("admin", "system:masters");
    }

    UpgradeClient client(String user, String group) {
        return new UpgradeClient(cluster.server.port(), cluster.authority(), cluster.identity(user, group));
    }

    /** @param spec the pod's, as YAML flow fields */
    void create(String name, String spec) {
        Pod pod = TestPods.parse("{metadata: {name: " + name + ", namespace: default}, spec: {" + spec + "}}");
        pod.setApiVersion("v1");
        pod.setKind("Pod");
        cluster.client.of(Pod.class).create(pod);
    }

    /** A pod {@code p} with one container, running. */
    void createRunning() {
        create("p", "nodeName: node-a, containers: [{name: main, image: \"web:1\"}]");
        await().atMost(SOON)
                .until(() -> "Running".equals(cluster.pod("p").getStatus().getPhase()));
    }

    void awaitNoStreams() {
        await().atMost(SOON).until(() -> runtime.openStreams() == 0);
    }

    @Override
    public void close() {
        kubelet.close();
        cluster.close();
        runtime.close();
    }
}
