package io.vertikube.deploy.training;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.client.ListOptions;
import io.vertikube.client.TypedClient;
import io.vertikube.deploy.bench.apiserver.TrainingLoad;
import io.vertikube.deploy.cluster.OneJvm;
import io.vertikube.deploy.cluster.Progress;
import io.vertikube.deploy.cluster.Readiness;
import io.vertikube.object.Json;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code vertikube train}: a short life of a small simulated cluster under load, so that the JVM can note which classes a
 * start needs and which code is hot. The build runs it once.
 */
@Command(name = "train", hidden = true, mixinStandardHelpOptions = true, description = "A short life of a cluster.")
public final class TrainCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public Integer call() throws IOException, InterruptedException {
        return TrainingGround.spend(TrainCommand::live);
    }

    private static void live(TrainingGround ground) throws IOException, InterruptedException {
        var progress = new Progress(null);
        Vertx vertx = Vertx.vertx();
        OneJvm services = OneJvm.start(vertx, ground.settings(), progress);
        KubeConfig admin = KubeConfig.load(ground.admin());
        try (ApiClient client = ApiClient.connect(vertx, admin, "vertikube")) {
            new Readiness(client, progress).awaitNodes(1);
            TypedClient<Deployment> deployments = client.of(Deployment.class);
            Deployment made = Json.read(Questions.DEPLOYMENT.getBytes(StandardCharsets.UTF_8), Deployment.class);
            made.getMetadata().setNamespace("default");
            deployments.create(made);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ready(deployments.get("default", "train")) < 2) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the training Deployment did not become ready within " + PATIENCE);
                }
                Thread.sleep(50);
            }
            client.raw("GET", "/api/v1/namespaces/default/pods", null, null, Questions.TABLES);
            client.raw("GET", "/openapi/v3", null, null);
            client.raw("GET", "/apis", null, null);
            deployments.delete("default", "train");
            deployments.list("", ListOptions.all());
            TrainingLoad.run(admin);
        } finally {
            services.close();
            vertx.close().await();
        }
    }

    private static int ready(Deployment deployment) {
        Integer ready =
                deployment.getStatus() == null ? null : deployment.getStatus().getReadyReplicas();
        return ready == null ? 0 : ready;
    }
}
