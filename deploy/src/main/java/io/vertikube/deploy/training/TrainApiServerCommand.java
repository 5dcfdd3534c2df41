package io.vertikube.deploy.training;

import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.client.UnreachableException;
import io.vertikube.deploy.bench.apiserver.TrainingLoad;
import io.vertikube.deploy.cluster.ClusterSettings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code vertikube train-apiserver -- JAVA…}: starts an API server of its own with the given Java command, has it answer what
 * clients and controllers ask, and load, and ends it. What the JVM is to note and where is in the command.
 */
@Command(
        name = "train-apiserver",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "A short life of an API server that is a process of its own.")
public final class TrainApiServerCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Mixin
    private final TrainedJava java = new TrainedJava();

    @Override
    public Integer call() throws IOException, InterruptedException {
        return TrainingGround.spend(this::live);
    }

    private void live(TrainingGround ground) throws IOException, InterruptedException {
        KubeConfig admin = KubeConfig.load(ground.admin());
        Vertx vertx = Vertx.vertx();
        try (var server = TrainedProcess.start(command(ground.settings()));
                ApiClient client = ApiClient.connect(vertx, admin, "vertikube");
                var asKubectl = new Http2Asker(vertx, admin)) {
            awaitReady(server, client);
            Questions.askAll(client::raw, "default");
            Questions.askAll(asKubectl, "kube-public");
            TrainingLoad.run(admin);
        } finally {
            vertx.close().await();
        }
    }

    private List<String> command(ClusterSettings settings) {
        return java.command(
                "run",
                "apiserver",
                "--data-dir=" + settings.dataDir(),
                "--store=embedded",
                "--port=" + settings.port(),
                "--node-name=" + settings.nodeName(),
                "--node-ip=" + settings.nodeIp(),
                "--cluster-cidr=" + settings.clusterCidr(),
                "--service-cidr=" + settings.serviceCidr(),
                "--cluster-dns=" + settings.clusterDns());
    }

    private static void awaitReady(TrainedProcess server, ApiClient client) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            server.requireAlive();
            try {
                client.raw("GET", "/readyz", null, null, "text/plain");
                return;
            } catch (UnreachableException e) {
                Thread.sleep(20);
            }
        }
        throw new IllegalStateException("the trained API server was not ready within " + PATIENCE);
    }
}
