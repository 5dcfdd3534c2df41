package io.vertikube.deploy.command;

import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.deploy.cluster.ClusterSettings;
import io.vertikube.deploy.cluster.Progress;
import io.vertikube.deploy.cluster.Readiness;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vertikube wait}: ends when the cluster serves and its nodes are Ready. */
@Command(name = "wait", mixinStandardHelpOptions = true, description = "Waits until a cluster is ready.")
public final class WaitCommand implements Callable<Integer> {

    @Mixin
    private final ClusterFlags cluster = new ClusterFlags();

    @Option(names = "--progress", paramLabel = "FILE", description = "Where to say how far the start is.")
    private @Nullable Path progressFile;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ClusterSettings settings = cluster.settings();
        Vertx vertx = Vertx.vertx();
        KubeConfig admin = KubeConfig.load(settings.files().kubeconfig("admin"));
        try (ApiClient client = ApiClient.connect(vertx, admin, "vertikube")) {
            var readiness = new Readiness(client, new Progress(progressFile));
            readiness.awaitApi();
            if (settings.simulatedNodes() == 0) {
                readiness.awaitProxy();
            }
            readiness.awaitDefaultAccount();
            readiness.awaitNodes(Math.max(1, settings.simulatedNodes()));
        }
        return 0;
    }
}
