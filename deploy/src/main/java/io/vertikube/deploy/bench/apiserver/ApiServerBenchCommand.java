package io.vertikube.deploy.bench.apiserver;

import io.vertikube.client.KubeConfig;
import io.vertikube.deploy.bench.apiserver.BenchOptions.Etcd;
import io.vertikube.deploy.bench.load.Target;
import io.vertikube.service.Logging;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vertikube bench-apiserver}: what {@code deploy/bench apiserver} runs. */
@Command(
        name = "bench-apiserver",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Measures a Kubernetes API server.")
public final class ApiServerBenchCommand implements Callable<Integer> {

    @Option(names = "--url", description = "The server, https://host:port.")
    private @Nullable URI url;

    @Option(names = "--token", description = "Bearer token.")
    private @Nullable String token;

    @Option(names = "--certificate", description = "Client certificate, PEM.")
    private @Nullable Path certificate;

    @Option(names = "--key", description = "Its key, PEM (PKCS#8).")
    private @Nullable Path key;

    @Option(names = "--ca", description = "Whose servers are believed, PEM; any without it.")
    private @Nullable Path ca;

    @Option(names = "--kubeconfig", description = "Server and identity in one.")
    private @Nullable Path kubeconfig;

    @Option(names = "--pods", defaultValue = "26000", description = "Pods in the server while it is measured.")
    private int pods;

    @Option(names = "--seconds", defaultValue = "8", description = "Length of each measurement of reads.")
    private double seconds;

    @Option(names = "--warm-up", defaultValue = "15", description = "Seconds of creates before anything is measured.")
    private double warmUp;

    @Option(names = "--watchers", defaultValue = "1000", description = "Watchers of the fan-out.")
    private int watchers;

    @Option(names = "--events", defaultValue = "300", description = "Events that each of them is told.")
    private int events;

    @Option(names = "--only", split = ",", description = "Of etcd, creates, gets, lists, full, watches.")
    private Set<String> only = Set.of();

    @Option(names = "--server-pid", defaultValue = "0", description = "Process of a server on this machine.")
    private long serverPid;

    @Option(names = "--etcd", description = "etcd to compare with, https://host:port.")
    private @Nullable String etcd;

    @Option(names = "--etcd-ca", description = "Whose etcd servers are believed.")
    private @Nullable Path etcdCa;

    @Option(names = "--etcd-certificate", description = "Client certificate for etcd.")
    private @Nullable Path etcdCertificate;

    @Option(names = "--etcd-key", description = "Its key.")
    private @Nullable Path etcdKey;

    @Parameters(description = "The command that starts the server to measure.")
    private List<String> serverCommand = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logging.configure("text", 0);
        String compared = etcd;
        var options = new BenchOptions(
                pods,
                seconds,
                warmUp,
                watchers,
                events,
                only,
                serverCommand,
                serverPid,
                compared == null ? null : new Etcd(compared, etcdCa, etcdCertificate, etcdKey));
        new ApiServerBench(options, Target.of(config(), ca == null && kubeconfig == null), new Report(System.out))
                .run();
        return 0;
    }

    private KubeConfig config() throws IOException {
        if (kubeconfig != null) {
            return KubeConfig.load(kubeconfig);
        }
        URI server = url;
        if (server == null || server.getHost() == null || !"https".equals(server.getScheme())) {
            throw new IllegalArgumentException(
                    "--url https://host:port or --kubeconfig FILE says which server is meant");
        }
        return new KubeConfig(
                server,
                ca == null ? new byte[0] : Files.readAllBytes(ca),
                certificate == null ? null : Files.readAllBytes(certificate),
                key == null ? null : Files.readAllBytes(key),
                token,
                "default");
    }
}
