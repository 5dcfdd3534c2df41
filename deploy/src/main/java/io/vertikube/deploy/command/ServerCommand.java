package io.vertikube.deploy.command;

import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.deploy.cluster.ClusterPki;
import io.vertikube.deploy.cluster.ClusterSettings;
import io.vertikube.deploy.cluster.OneJvm;
import io.vertikube.deploy.cluster.Progress;
import io.vertikube.deploy.cluster.Readiness;
import io.vertikube.service.CommonFlags;
import io.vertikube.service.Logging;
import io.vertikube.service.ServiceMain;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vertikube server}: a whole cluster in this process, until it is told to stop. */
@Command(name = "server", mixinStandardHelpOptions = true, description = "A whole cluster in one process.")
public final class ServerCommand implements Callable<Integer> {

    @Mixin
    private final CommonFlags common = new CommonFlags();

    @Mixin
    private final ClusterFlags cluster = new ClusterFlags();

    @Option(names = "--progress", paramLabel = "FILE", description = "Where to say how far the start is.")
    private @Nullable Path progressFile;

    @Override
    public Integer call() throws InterruptedException, IOException {
        Logging.configure(common.loggingFormat(), common.verbosity());
        ClusterSettings settings = cluster.settings();
        var progress = new Progress(progressFile);
        OneJvm services;
        Vertx vertx = Vertx.vertx();
        try {
            new ClusterPki(settings, InstantSource.system()).ensure();
            services = OneJvm.start(vertx, settings, progress);
        } catch (RuntimeException e) {
            progress.failed(String.valueOf(e.getMessage()));
            throw e;
        }
        KubeConfig admin = KubeConfig.load(settings.files().kubeconfig("admin"));
        Thread.ofVirtual().name("readiness").start(() -> awaitNodes(vertx, admin, settings, progress));
        ServiceMain.awaitStop(services);
        return 0;
    }

    private static void awaitNodes(Vertx vertx, KubeConfig admin, ClusterSettings settings, Progress progress) {
        try (ApiClient client = ApiClient.connect(vertx, admin, "vertikube")) {
            var readiness = new Readiness(client, progress);
            if (settings.simulatedNodes() == 0) {
                readiness.awaitProxy();
            }
            readiness.awaitDefaultAccount();
            readiness.awaitNodes(Math.max(1, settings.simulatedNodes()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
