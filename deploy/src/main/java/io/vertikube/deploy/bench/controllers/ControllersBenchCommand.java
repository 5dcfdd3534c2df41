package io.vertikube.deploy.bench.controllers;

import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.deploy.bench.load.Target;
import io.vertikube.service.Logging;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vertikube bench-controllers}: what {@code deploy/bench controllers} runs. */
@Command(
        name = "bench-controllers",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Measures the controllers of a running cluster that has no scheduler.")
public final class ControllersBenchCommand implements Callable<Integer> {

    @Option(names = "--kubeconfig", required = true, description = "Server and identity in one.")
    private Path kubeconfig = Path.of("");

    @Option(names = "--metrics", required = true, description = "The controllers' own address, https://host:port.")
    private URI metrics = URI.create("https://127.0.0.1:10257");

    @Option(names = "--server-pid", required = true, description = "The API server's process.")
    private long serverPid;

    @Option(names = "--controllers-pid", required = true, description = "The controllers' process.")
    private long controllersPid;

    @Option(names = "--deployments", defaultValue = "100", description = "How many are created and rolled.")
    private int deployments;

    @Option(names = "--replicas", defaultValue = "50", description = "Pods of each of them.")
    private int replicas;

    @Option(names = "--big", defaultValue = "5000", description = "Pods of the one Deployment that is expanded alone.")
    private int big;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logging.configure("text", 0);
        KubeConfig config = KubeConfig.load(kubeconfig);
        var there = new KubeConfig(
                metrics, config.caPem(), config.certPem(), config.keyPem(), config.token(), config.namespace());
        var vertx = Vertx.vertx();
        try (ApiClient client = ApiClient.connect(vertx, config, "bench");
                ApiClient controllers = ApiClient.connect(vertx, there, "bench");
                var raw = new RawCreates(Target.of(config, false))) {
            var cost = new Cost(client, controllers, serverPid, controllersPid);
            new ControllersBench(client, cost, raw, deployments, replicas, big, System.out).run();
        } finally {
            vertx.close().await();
        }
        return 0;
    }
}
