package io.vertikube.deploy.testing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.apiserver.testing.TestUser;
import io.vertikube.kubelet.KubeletOptions;
import io.vertikube.kubelet.KubeletService;
import io.vertikube.service.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Nodes named {@code node-1} and so on whose containers are simulated: pods start, become ready, log and end, and no
 * process runs. Without controllers nobody takes the taint of a new node away. Immutable; what a pod's volumes hold lies
 * in a temporary folder, which goes with the nodes.
 */
public record SimulatedNodes(int count) implements TestServer.Part {

    private static final int MOST = 200;

    public SimulatedNodes {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException("simulated nodes: want 1 to " + MOST + ", not " + count);
        }
    }

    @Override
    public AutoCloseable start(TestServer server) throws IOException, InterruptedException {
        var running = new Running(Files.createTempDirectory("simulated-nodes"), new ArrayDeque<>());
        try {
            for (int i = 1; i <= count; i++) {
                running.nodes.push(node(server, "node-" + i, running.folder));
            }
        } catch (RuntimeException | IOException e) {
            running.close();
            throw e;
        }
        return Waiting.until(
                running,
                started -> started.nodes.stream().allMatch(KubeletService::nodeReady),
                "not every node is Ready yet");
    }

    private static KubeletService node(TestServer server, String name, Path folder) throws IOException {
        TestUser user = server.as("system:node:" + name, "system:nodes");
        Certificates.Pair serving = server.server().sign("system:node:" + name, List.of("127.0.0.1"));
        Path kubeconfig = user.kubeconfig(folder.resolve(name + ".conf"));
        KubeletOptions plain = KubeletOptions.simulated(kubeconfig, name, folder.resolve(name));
        return KubeletService.start(
                server.vertx(),
                new KubeletOptions(
                        kubeconfig,
                        name,
                        plain.nodeIp(),
                        plain.runtimeEndpoint(),
                        plain.rootDir(),
                        plain.podLogsDir(),
                        plain.clusterDns(),
                        plain.clusterDomain(),
                        plain.bindAddress(),
                        plain.port(),
                        plain.healthzPort(),
                        Optional.of(Files.write(
                                folder.resolve("ca.crt"), user.config().caPem())),
                        Optional.of(Files.write(folder.resolve(name + ".crt"), serving.certificate())),
                        Optional.of(Files.write(folder.resolve(name + ".key"), serving.key())),
                        plain.cgroupRoot(),
                        plain.manageCni(),
                        plain.cniConfDir(),
                        plain.clusterCidr(),
                        plain.nodeLabels(),
                        plain.registerWithTaints(),
                        plain.maxPods(),
                        plain.nodeStatusUpdateFrequency(),
                        plain.nodeStatusReportFrequency(),
                        plain.syncFrequency(),
                        plain.leaseRenewal(),
                        plain.policies()),
                new SimpleMeterRegistry());
    }

    /** The kubelets and their folder. */
    private record Running(Path folder, Deque<KubeletService> nodes) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            nodes.forEach(KubeletService::close);
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.toList().reversed()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
