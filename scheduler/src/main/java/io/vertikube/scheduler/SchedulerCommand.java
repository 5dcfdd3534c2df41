package io.vertikube.scheduler;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertikube.client.KubeConfig;
import io.vertikube.control.LeadershipFlags;
import io.vertikube.scheduler.queue.QueueTimes;
import io.vertikube.service.CommonFlags;
import io.vertikube.service.HostName;
import io.vertikube.service.Logging;
import io.vertikube.service.ServiceMain;
import io.vertikube.service.TlsFiles;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code scheduler}, with kube-scheduler's flags. Confined to the thread that runs it. */
@Command(
        name = "scheduler",
        aliases = "kube-scheduler",
        mixinStandardHelpOptions = true,
        description = "Decides which node a pod runs on.")
public final class SchedulerCommand implements Callable<Integer> {

    @Mixin
    private final CommonFlags common = new CommonFlags();

    @Mixin
    private final LeadershipFlags leaderElection = new LeadershipFlags(SchedulerOptions.LEASE);

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "How to reach the API server, and as whom.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--scheduler-name",
            paramLabel = "NAME",
            defaultValue = "default-scheduler",
            description = "Whose pods to place, by their spec.schedulerName (${DEFAULT-VALUE}).")
    private String schedulerName = "default-scheduler";

    @Option(
            names = "--percentage-of-nodes-to-score",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "How many fitting nodes are enough; 0 lets the size of the cluster decide.")
    private int percentageOfNodesToScore;

    @Option(
            names = "--pod-initial-backoff-seconds",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "How long a pod waits after its first failed try (${DEFAULT-VALUE}).")
    private int podInitialBackoffSeconds;

    @Option(
            names = "--pod-max-backoff-seconds",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long it waits at most (${DEFAULT-VALUE}).")
    private int podMaxBackoffSeconds;

    @Option(names = "--bind-address", defaultValue = "0.0.0.0", description = "Where health and metrics are served.")
    private String bindAddress = "0.0.0.0";

    @Option(names = "--secure-port", defaultValue = "10259", description = "Its port; 0 for nowhere.")
    private int securePort;

    @Option(names = "--tls-cert-file", paramLabel = "FILE", description = "Serving certificate.")
    private @Nullable Path tlsCertFile;

    @Option(names = "--tls-private-key-file", paramLabel = "FILE", description = "Its key.")
    private @Nullable Path tlsPrivateKeyFile;

    @Option(names = "--client-ca-file", paramLabel = "FILE", description = "Who may read metrics.")
    private @Nullable Path clientCaFile;

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure(common.loggingFormat(), common.verbosity());
        SchedulerOptions options = options();
        Vertx vertx = Vertx.vertx();
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ServiceMain.awaitStop(SchedulerService.start(vertx, options, meters));
        return 0;
    }

    /** What the flags say. @throws IllegalArgumentException for flags that do not fit together */
    public SchedulerOptions options() {
        if (kubeconfig == null) {
            throw new IllegalArgumentException("--kubeconfig is needed");
        }
        KubeConfig config;
        try {
            config = KubeConfig.load(kubeconfig);
        } catch (IOException e) {
            throw new IllegalArgumentException("--kubeconfig: cannot read " + kubeconfig + ": " + e.getMessage(), e);
        }
        return new SchedulerOptions(
                config,
                schedulerName,
                percentageOfNodesToScore,
                new QueueTimes(
                        Duration.ofSeconds(podInitialBackoffSeconds),
                        Duration.ofSeconds(podMaxBackoffSeconds),
                        QueueTimes.defaults().longestUnsuited()),
                leaderElection.leadership(HostName.orLocalhost() + "_" + UUID.randomUUID()),
                new SchedulerOptions.Serving(bindAddress, securePort, tls()));
    }

    private @Nullable TlsFiles tls() {
        if (tlsCertFile == null && tlsPrivateKeyFile == null) {
            return null;
        }
        if (tlsCertFile == null || tlsPrivateKeyFile == null) {
            throw new IllegalArgumentException("--tls-cert-file and --tls-private-key-file go together");
        }
        return new TlsFiles(tlsCertFile, tlsPrivateKeyFile, clientCaFile);
    }
}
