package io.vertikube.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.service.CommonFlags;
import io.vertikube.service.ConfigFileReader;
import io.vertikube.service.DurationConverter;
import io.vertikube.service.Logging;
import io.vertikube.service.ServiceMain;
import io.vertikube.value.Cidr;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The {@code kubelet} command: flags with the names Kubernetes gives them. Confined to the thread that parses. */
@Command(
        name = "kubelet",
        mixinStandardHelpOptions = true,
        description = "Runs the pods that the API assigns to this machine.")
public final class KubeletCommand implements Callable<Integer>, ConfigFileReader {

    private static final Logger LOG = LoggerFactory.getLogger(KubeletCommand.class);
    private static final int WIDEST_OOM_SCORE = 1000;

    @Mixin
    private final CommonFlags common = new CommonFlags();

    @Mixin
    private final NodePolicyFlags policyFlags = new NodePolicyFlags();

    @Option(names = "--kubeconfig", required = true, paramLabel = "FILE", description = "How to reach the API server.")
    private @Nullable Path kubeconfig;

    @Option(names = "--hostname-override", paramLabel = "NAME", description = "The node's name (the host's).")
    private @Nullable String hostname;

    @Option(names = "--node-ip", paramLabel = "ADDRESS", description = "Address that others reach this node by.")
    private @Nullable String nodeIp;

    @Option(
            names = "--container-runtime-endpoint",
            paramLabel = "SOCKET",
            defaultValue = "unix:///run/containerd/containerd.sock",
            description = "The runtime's CRI socket (${DEFAULT-VALUE}).")
    private String runtimeEndpoint = "";

    @Option(
            names = "--runtime",
            paramLabel = "KIND",
            defaultValue = "cri",
            description = "cri, or simulated for containers that only exist in memory.")
    private String runtime = "cri";

    @Option(
            names = "--root-dir",
            paramLabel = "DIR",
            defaultValue = "/var/lib/kubelet",
            description = "Where pods' files are (${DEFAULT-VALUE}).")
    private Path rootDir = Path.of("/var/lib/kubelet");

    @Option(
            names = "--pod-logs-dir",
            paramLabel = "DIR",
            description = "Where container logs are (/var/log/pods; below --root-dir for simulated ones).")
    private @Nullable Path podLogsDir;

    @Option(names = "--cluster-dns", split = ",", paramLabel = "ADDRESS", description = "DNS servers for pods.")
    private List<String> clusterDns = List.of();

    @Option(
            names = "--cluster-domain",
            paramLabel = "DOMAIN",
            defaultValue = "cluster.local",
            description = "Domain of the cluster's names (${DEFAULT-VALUE}).")
    private String clusterDomain = "cluster.local";

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            defaultValue = "0.0.0.0",
            description = "Address to serve on (${DEFAULT-VALUE}).")
    private String address = "0.0.0.0";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "10250",
            description = "HTTPS port, 0 for any free one (${DEFAULT-VALUE}).")
    private int port = 10250;

    @Option(
            names = "--healthz-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Port for health without TLS on 127.0.0.1; 0 for none (health is on --port too).")
    private int healthzPort;

    @Option(names = "--client-ca-file", paramLabel = "FILE", description = "Certificates that callers chain to.")
    private @Nullable Path clientCa;

    @Option(names = "--tls-cert-file", paramLabel = "FILE", description = "Serving certificate (one is made if not).")
    private @Nullable Path tlsCert;

    @Option(names = "--tls-private-key-file", paramLabel = "FILE", description = "Key of the serving certificate.")
    private @Nullable Path tlsKey;

    @Option(
            names = "--cgroup-root",
            paramLabel = "PATH",
            defaultValue = "/",
            description = "Cgroup below which pods' cgroups are made; empty for none (${DEFAULT-VALUE}).")
    private String cgroupRoot = "/";

    @Option(names = "--manage-cni", description = "Write the CNI configuration and routes to other nodes' pods.")
    private boolean manageCni;

    @Option(
            names = "--cni-conf-dir",
            paramLabel = "DIR",
            defaultValue = "/etc/cni/net.d",
            description = "Where the runtime reads CNI configuration (${DEFAULT-VALUE}).")
    private Path cniConfDir = Path.of("/etc/cni/net.d");

    @Option(names = "--cluster-cidr", paramLabel = "CIDR", description = "Range of all pods' addresses.")
    private @Nullable String clusterCidr;

    @Option(names = "--node-labels", split = ",", paramLabel = "KEY=VALUE", description = "Labels of the Node.")
    private Map<String, String> nodeLabels = Map.of();

    @Option(
            names = "--register-with-taints",
            split = ",",
            paramLabel = "KEY=VALUE:EFFECT",
            description = "Taints of the Node when it is registered.")
    private List<String> taints = List.of();

    @Option(
            names = "--max-pods",
            paramLabel = "COUNT",
            defaultValue = "110",
            description = "How many pods the node takes (${DEFAULT-VALUE}).")
    private int maxPods = 110;

    @Option(
            names = "--node-status-update-frequency",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How often the node is looked at (${DEFAULT-VALUE}).")
    private Duration statusUpdate = Duration.ofSeconds(10);

    @Option(
            names = "--node-status-report-frequency",
            paramLabel = "DURATION",
            defaultValue = "5m",
            converter = DurationConverter.class,
            description = "How often its status is told though nothing changed (${DEFAULT-VALUE}).")
    private Duration statusReport = Duration.ofMinutes(5);

    @Option(
            names = "--sync-frequency",
            paramLabel = "DURATION",
            defaultValue = "1m",
            converter = DurationConverter.class,
            description = "How often pods and their volumes are looked over (${DEFAULT-VALUE}).")
    private Duration syncFrequency = Duration.ofMinutes(1);

    @Option(
            names = "--fail-swap-on",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "true",
            description = "Do not start where the machine swaps (${DEFAULT-VALUE}).")
    private boolean failSwapOn = true;

    @Option(
            names = "--oom-score-adj",
            paramLabel = "SCORE",
            defaultValue = "-999",
            description =
                    "How soon the kernel ends the kubelet when memory is short, -1000 to 1000 (${DEFAULT-VALUE}).")
    private int oomScore = -999;

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure(common.loggingFormat(), common.verbosity());
        KubeletOptions options = options();
        if (failSwapOn && !options.isSimulated()) {
            Machine.refuseSwap(Path.of("/proc/swaps"));
        }
        if (!options.isSimulated() && !Machine.scoreItself(Path.of("/proc/self/oom_score_adj"), oomScore)) {
            LOG.info("the kernel does not let this process have the OOM score {}", oomScore);
        }
        Vertx vertx = Vertx.vertx();
        try (var memory = new OwnMemory()) {
            memory.start();
            KubeletService service =
                    KubeletService.start(vertx, options, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
            ServiceMain.awaitStop(service);
        } finally {
            vertx.close();
        }
        return 0;
    }

    @Override
    public boolean reads(JsonNode root) {
        return root.path("apiVersion").asText().startsWith(KubeletConfiguration.GROUP);
    }

    @Override
    public Map<String, String> flags(JsonNode root, Set<String> known) {
        return KubeletConfiguration.flags(root, known, LOG::warn);
    }

    /** What the flags say; an {@link IllegalArgumentException} names a flag that cannot be. */
    public KubeletOptions options() {
        if (kubeconfig == null) {
            throw new IllegalArgumentException("--kubeconfig is needed");
        }
        if (!runtime.equals("cri") && !runtime.equals(KubeletOptions.SIMULATED)) {
            throw new IllegalArgumentException("--runtime: \"" + runtime + "\" is neither cri nor simulated");
        }
        if ((tlsCert == null) != (tlsKey == null)) {
            throw new IllegalArgumentException("--tls-cert-file and --tls-private-key-file go together");
        }
        if (nodeIp != null && !Cidr.isAddress(nodeIp)) {
            throw new IllegalArgumentException("--node-ip: \"" + nodeIp + "\" is no IP address");
        }
        if (oomScore < -WIDEST_OOM_SCORE || oomScore > WIDEST_OOM_SCORE) {
            throw new IllegalArgumentException(
                    "--oom-score-adj: " + oomScore + " must be within the range [-1000, 1000]");
        }
        if (clusterCidr != null) {
            Cidr.parse(clusterCidr);
        }
        boolean simulated = runtime.equals(KubeletOptions.SIMULATED);
        Path logs = simulated ? rootDir.resolve("pod-logs") : Path.of("/var/log/pods");
        return new KubeletOptions(
                kubeconfig,
                hostname == null ? hostname() : hostname,
                Optional.ofNullable(nodeIp),
                simulated ? KubeletOptions.SIMULATED : runtimeEndpoint,
                rootDir.toAbsolutePath(),
                (podLogsDir == null ? logs : podLogsDir).toAbsolutePath(),
                clusterDns,
                clusterDomain,
                address,
                port,
                healthzPort,
                Optional.ofNullable(clientCa),
                Optional.ofNullable(tlsCert),
                Optional.ofNullable(tlsKey),
                Optional.of(cgroupRoot).filter(path -> !path.isBlank()),
                manageCni,
                cniConfDir.toAbsolutePath(),
                Optional.ofNullable(clusterCidr),
                nodeLabels,
                taints,
                maxPods,
                statusUpdate,
                statusReport,
                syncFrequency,
                Duration.ofSeconds(10),
                policyFlags.policies(simulated));
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("this host has no name: give one with --hostname-override", e);
        }
    }
}
