package io.vertikube.controller;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertikube.client.KubeConfig;
import io.vertikube.control.LeadershipFlags;
import io.vertikube.controller.autoscaling.AutoscalingTimings;
import io.vertikube.controller.node.EvictionPace;
import io.vertikube.controller.node.NodeLifecycleReconciler;
import io.vertikube.service.CommonFlags;
import io.vertikube.service.DurationConverter;
import io.vertikube.service.HostName;
import io.vertikube.service.Logging;
import io.vertikube.service.ServiceMain;
import io.vertikube.service.TlsFiles;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code controller-manager}, with kube-controller-manager's flags. Confined to the thread that runs it. */
@Command(
        name = "controller-manager",
        aliases = "kube-controller-manager",
        mixinStandardHelpOptions = true,
        description = "Runs the controllers: desired state becomes actual.")
public final class ControllerManagerCommand implements Callable<Integer> {
    @Mixin
    private final CommonFlags common = new CommonFlags();

    @Mixin
    private final ConcurrencyFlags concurrency = new ConcurrencyFlags();

    @Mixin
    private final AutoscalingFlags autoscaling = new AutoscalingFlags();

    @Mixin
    private final LeadershipFlags leaderElection = new LeadershipFlags(ControllerManagerOptions.LEASE);

    @Option(names = "--kubeconfig", required = true, paramLabel = "FILE", description = "How to reach the API server.")
    private Path kubeconfig = Path.of("");

    @Option(
            names = "--controllers",
            split = ",",
            defaultValue = "*",
            description = "Controllers to run: * for all, name for one, -name for all but one.")
    private List<String> controllers = List.of("*");

    @Option(
            names = "--use-service-account-credentials",
            defaultValue = "false",
            fallbackValue = "true",
            arity = "0..1",
            description = "Let each controller act as a service account of its own, in kube-system.")
    private boolean useServiceAccountCredentials;

    @Option(
            names = "--allocate-node-cidrs",
            defaultValue = "false",
            description = "Give nodes parts of --cluster-cidr.")
    private boolean allocateNodeCidrs;

    @Option(
            names = "--cluster-cidr",
            split = ",",
            defaultValue = "10.42.0.0/16",
            description = "Range of pod addresses.")
    private List<String> clusterCidr = List.of("10.42.0.0/16");

    @Option(
            names = {"--node-cidr-mask-size", "--node-cidr-mask-size-ipv4"},
            defaultValue = "24")
    private int nodeCidrMaskSize;

    @Option(names = "--node-cidr-mask-size-ipv6", defaultValue = "64")
    private int nodeCidrMaskSizeIpv6;

    @Option(names = "--root-ca-file", paramLabel = "FILE", description = "Certificates to publish in every namespace.")
    private @Nullable Path rootCaFile;

    @Option(
            names = "--cluster-signing-cert-file",
            paramLabel = "FILE",
            description = "Authority that signs approved certificate requests, PEM; without it nobody here does.")
    private @Nullable Path clusterSigningCertFile;

    @Option(names = "--cluster-signing-key-file", paramLabel = "FILE", description = "Its key, PEM.")
    private @Nullable Path clusterSigningKeyFile;

    @Option(
            names = "--cluster-signing-duration",
            defaultValue = "8760h",
            converter = DurationConverter.class,
            description = "How long a signed certificate is valid at most.")
    private Duration clusterSigningDuration = Duration.ofDays(365);

    @Option(names = "--node-monitor-period", defaultValue = "5s", converter = DurationConverter.class)
    private Duration nodeMonitorPeriod = Duration.ofSeconds(5);

    @Option(names = "--node-monitor-grace-period", defaultValue = "50s", converter = DurationConverter.class)
    private Duration nodeMonitorGracePeriod = Duration.ofSeconds(50);

    @Option(names = "--node-startup-grace-period", defaultValue = "60s", converter = DurationConverter.class)
    private Duration nodeStartupGracePeriod = Duration.ofSeconds(60);

    @Option(
            names = "--node-eviction-rate",
            defaultValue = "0.1",
            description = "Nodes a second that are emptied in a zone.")
    private double nodeEvictionRate = 0.1;

    @Option(
            names = "--secondary-node-eviction-rate",
            defaultValue = "0.01",
            description = "The same in a large zone of which many nodes went at once.")
    private double secondaryNodeEvictionRate = 0.01;

    @Option(
            names = "--unhealthy-zone-threshold",
            defaultValue = "0.55",
            description = "Which part of a zone's nodes is many.")
    private double unhealthyZoneThreshold = 0.55;

    @Option(
            names = "--large-cluster-size-threshold",
            defaultValue = "50",
            description = "Up to so many nodes a zone is not large, and is not emptied when many went at once.")
    private int largeClusterSizeThreshold = 50;

    @Option(names = "--terminated-pod-gc-threshold", defaultValue = "12500")
    private int terminatedPodGcThreshold;

    @Option(
            names = "--local-path-root",
            paramLabel = "DIR",
            defaultValue = ControllerManagerOptions.LOCAL_PATH_ROOT,
            description = "Folder on each node for volumes of the built-in class local-path.")
    private String localPathRoot = ControllerManagerOptions.LOCAL_PATH_ROOT;

    @Option(
            names = "--mirroring-max-endpoints-per-subset",
            defaultValue = "1000",
            description = "How many addresses of hand-made Endpoints are repeated in slices.")
    private int mirroringMaxEndpointsPerSubset = 1000;

    @Option(
            names = "--service-lb-reserved-ports",
            split = ",",
            paramLabel = "PORT",
            description = "Ports of the nodes that no Service of type LoadBalancer may take; those of SSH, etcd and"
                    + " the cluster's own services, unless said otherwise.")
    private Set<Integer> loadBalancerReservedPorts = ControllerManagerOptions.DEFAULT_RESERVED_PORTS;

    @Option(names = "--bind-address", defaultValue = "0.0.0.0", description = "Where health and metrics are served.")
    private String bindAddress = "0.0.0.0";

    @Option(names = "--secure-port", defaultValue = "10257", description = "Its port; 0 for nowhere.")
    private int securePort;

    @Option(names = "--tls-cert-file", paramLabel = "FILE")
    private @Nullable Path tlsCertFile;

    @Option(names = "--tls-private-key-file", paramLabel = "FILE")
    private @Nullable Path tlsPrivateKeyFile;

    @Option(names = "--client-ca-file", paramLabel = "FILE", description = "Who may read metrics.")
    private @Nullable Path clientCaFile;

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure(common.loggingFormat(), common.verbosity());
        ControllerManagerOptions options = options();
        Vertx vertx = Vertx.vertx();
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ServiceMain.awaitStop(ControllerManagerService.start(vertx, options, meters));
        return 0;
    }

    /**
     * What the flags say.
     *
     * @throws IllegalArgumentException for flags that do not fit together, and for files that cannot be read
     */
    public ControllerManagerOptions options() {
        String identity = HostName.orLocalhost() + "_" + UUID.randomUUID();
        return ControllerManagerOptions.defaults(kubeConfig(), identity)
                .withControllers(controllers)
                .withConcurrentSyncs(concurrency.byController())
                .withRootCa(rootCa())
                .withNodeRanges(new ControllerManagerOptions.NodeRanges(
                        allocateNodeCidrs, clusterCidr, nodeCidrMaskSize, nodeCidrMaskSizeIpv6))
                .withNodeMonitor(new NodeLifecycleReconciler.Timings(
                        nodeMonitorPeriod,
                        nodeMonitorGracePeriod,
                        nodeStartupGracePeriod,
                        new EvictionPace.Rates(
                                nodeEvictionRate,
                                secondaryNodeEvictionRate,
                                unhealthyZoneThreshold,
                                largeClusterSizeThreshold)))
                .withTerminatedPodGcThreshold(terminatedPodGcThreshold)
                .withLocalPathRoot(localPathRoot)
                .withSigning(signing())
                .withServices(new ControllerManagerOptions.Services(
                        mirroringMaxEndpointsPerSubset, loadBalancerReservedPorts))
                .withAutoscaling(autoscaling.timings())
                .withOwnAccounts(useServiceAccountCredentials)
                .withLeadership(leaderElection.leadership(identity))
                .withServing(new ControllerManagerOptions.Serving(bindAddress, securePort, tls()));
    }

    private KubeConfig kubeConfig() {
        try {
            return KubeConfig.load(kubeconfig);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("--kubeconfig: cannot read " + kubeconfig, unreadable);
        }
    }

    private @Nullable String rootCa() {
        try {
            return rootCaFile == null ? null : Files.readString(rootCaFile, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("--root-ca-file: cannot read " + rootCaFile, unreadable);
        }
    }

    private ControllerManagerOptions.@Nullable Signing signing() {
        if (clusterSigningCertFile == null && clusterSigningKeyFile == null) {
            return null;
        }
        if (clusterSigningCertFile == null || clusterSigningKeyFile == null) {
            throw new IllegalArgumentException(
                    "--cluster-signing-cert-file and --cluster-signing-key-file belong together: give both or neither");
        }
        try {
            return new ControllerManagerOptions.Signing(
                    Files.readAllBytes(clusterSigningCertFile),
                    Files.readAllBytes(clusterSigningKeyFile),
                    clusterSigningDuration);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "--cluster-signing-cert-file, --cluster-signing-key-file: cannot read " + unreadable.getMessage(),
                    unreadable);
        }
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

    /** {@code --concurrent-…-syncs}: how many objects of a kind are worked on at once. */
    static final class ConcurrencyFlags {
        @Option(names = "--concurrent-deployment-syncs", defaultValue = "5")
        private int deployment;

        @Option(names = "--concurrent-replicaset-syncs", defaultValue = "5")
        private int replicaset;

        @Option(names = "--concurrent-endpoint-syncs", defaultValue = "5")
        private int endpoint;

        @Option(names = "--concurrent-service-endpoint-syncs", defaultValue = "5")
        private int serviceEndpoint;

        @Option(names = "--concurrent-rc-syncs", defaultValue = "5")
        private int replicationController;

        @Option(names = "--concurrent-statefulset-syncs", defaultValue = "5")
        private int statefulset;

        @Option(names = "--concurrent-daemonset-syncs", defaultValue = "2")
        private int daemonset;

        @Option(names = "--concurrent-job-syncs", defaultValue = "5")
        private int job;

        @Option(names = "--concurrent-ttl-after-finished-syncs", defaultValue = "5")
        private int ttlAfterFinished;

        @Option(names = "--concurrent-namespace-syncs", defaultValue = "10")
        private int namespace;

        @Option(names = "--concurrent-horizontal-pod-autoscaler-syncs", defaultValue = "5")
        private int autoscaler;

        @Option(names = "--concurrent-gc-syncs", defaultValue = "20")
        private int gc;

        Map<String, Integer> byController() {
            return Map.ofEntries(
                    Map.entry("deployment-controller", deployment),
                    Map.entry("replicaset-controller", replicaset),
                    Map.entry("endpoints-controller", endpoint),
                    Map.entry("endpointslice-controller", serviceEndpoint),
                    Map.entry("replicationcontroller-controller", replicationController),
                    Map.entry("statefulset-controller", statefulset),
                    Map.entry("daemonset-controller", daemonset),
                    Map.entry("job-controller", job),
                    Map.entry("ttl-after-finished-controller", ttlAfterFinished),
                    Map.entry("horizontal-pod-autoscaler-controller", autoscaler),
                    Map.entry("namespace-controller", namespace),
                    Map.entry("garbage-collector-controller", gc));
        }
    }

    /** {@code --horizontal-pod-autoscaler-…}: how patient autoscaling is. */
    static final class AutoscalingFlags {
        private static final AutoscalingTimings USUAL = AutoscalingTimings.defaults();

        @Option(
                names = "--horizontal-pod-autoscaler-sync-period",
                defaultValue = "15s",
                converter = DurationConverter.class)
        private Duration syncPeriod = USUAL.syncPeriod();

        @Option(names = "--horizontal-pod-autoscaler-tolerance", defaultValue = "0.1")
        private double tolerance = USUAL.tolerance();

        @Option(
                names = "--horizontal-pod-autoscaler-downscale-stabilization",
                defaultValue = "5m",
                converter = DurationConverter.class)
        private Duration downscaleStabilization = USUAL.downscaleStabilization();

        @Option(
                names = "--horizontal-pod-autoscaler-cpu-initialization-period",
                defaultValue = "5m",
                converter = DurationConverter.class)
        private Duration cpuInitializationPeriod = USUAL.cpuInitializationPeriod();

        @Option(
                names = "--horizontal-pod-autoscaler-initial-readiness-delay",
                defaultValue = "30s",
                converter = DurationConverter.class)
        private Duration initialReadinessDelay = USUAL.initialReadinessDelay();

        AutoscalingTimings timings() {
            return new AutoscalingTimings(
                    syncPeriod, tolerance, downscaleStabilization, cpuInitializationPeriod, initialReadinessDelay);
        }
    }
}
