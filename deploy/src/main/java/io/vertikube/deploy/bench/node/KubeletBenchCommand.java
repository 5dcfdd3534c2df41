package io.vertikube.deploy.bench.node;

import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.kubelet.runtime.cri.CriRuntime;
import io.vertikube.service.Logging;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vertikube bench-kubelet}: what {@code deploy/bench kubelet} runs on the cluster that it started. */
@Command(
        name = "bench-kubelet",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Measures pods on one node against its runtime alone.")
public final class KubeletBenchCommand implements Callable<Integer> {

    @Option(names = "--kubeconfig", required = true, description = "The cluster's administrator.")
    private Path kubeconfig = Path.of("");

    @Option(names = "--container-runtime-endpoint", required = true, description = "unix:///path of the CRI socket.")
    private String endpoint = "";

    @Option(names = "--kubelet-pid", required = true, description = "The kubelet's process.")
    private long kubeletPid;

    @Option(names = "--pid-files", required = true, description = "Folder with <service>.pid of each service.")
    private Path pidFiles = Path.of("");

    @Option(names = "--files", required = true, description = "Folder for the logs and files of raw pods.")
    private Path files = Path.of("");

    @Option(names = "--image", defaultValue = "vertikube.local/busybox:1", description = "An image with sleep.")
    private String image = "";

    @Option(names = "--pods", defaultValue = "60", description = "Pods of a burst.")
    private int pods;

    @Option(names = "--singles", defaultValue = "40", description = "Pods one by one.")
    private int singles;

    @Option(names = "--rounds", defaultValue = "5", description = "Bursts of each kind.")
    private int rounds;

    @Option(names = "--idle", defaultValue = "30", description = "Seconds of idleness to look at.")
    private int idleSeconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logging.configure("text", 0);
        Vertx vertx = Vertx.vertx();
        try (CriRuntime runtime = CriRuntime.open(endpoint);
                ApiClient client = ApiClient.connect(vertx, KubeConfig.load(kubeconfig), "bench");
                ClusterPods cluster = new ClusterPods(client, image)) {
            new KubeletBench(
                            new KubeletBench.Options(
                                    pods, singles, rounds, Duration.ofSeconds(idleSeconds), kubeletPid),
                            new RawPods(runtime, image, files),
                            cluster,
                            new CpuLedger(pidFiles, endpoint.replaceFirst("^unix://", "")),
                            System.out)
                    .run();
        }
        vertx.close().await();
        return 0;
    }
}
