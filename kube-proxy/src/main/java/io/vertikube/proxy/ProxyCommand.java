package io.vertikube.proxy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertikube.client.KubeConfig;
import io.vertikube.proxy.node.Programs;
import io.vertikube.service.CommonFlags;
import io.vertikube.service.DurationConverter;
import io.vertikube.service.Logging;
import io.vertikube.service.ServiceMain;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kube-proxy}: flags named as in Kubernetes, and some for the node's DNS. Confined to the main thread. */
@Command(
        name = "kube-proxy",
        mixinStandardHelpOptions = true,
        description = "Makes Services reachable from this machine, and answers its pods' DNS.")
public final class ProxyCommand implements Callable<Integer> {

    @Mixin
    private final CommonFlags common = new CommonFlags();

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "How to reach the API server, and as whom.")
    private @Nullable Path kubeconfig;

    @Option(names = "--hostname-override", paramLabel = "NAME", description = "The Node this is, if not the host name.")
    private @Nullable String hostnameOverride;

    @Option(names = "--cluster-cidr", paramLabel = "CIDR", description = "The range of all pods of the cluster.")
    private String clusterCidr = "";

    @Option(
            names = "--service-cluster-ip-range",
            paramLabel = "CIDR",
            defaultValue = ProxyOptions.DEFAULT_SERVICE_CIDR,
            description = "The range of all ClusterIPs (${DEFAULT-VALUE}).")
    private String serviceCidr = ProxyOptions.DEFAULT_SERVICE_CIDR;

    @Option(
            names = "--nodeport-addresses",
            paramLabel = "CIDR",
            split = ",",
            description = "Ranges of the node's addresses that serve NodePorts; all if not given.")
    private List<String> nodePortAddresses = List.of();

    @Option(
            names = "--proxy-mode",
            paramLabel = "MODE",
            defaultValue = "nftables",
            description = "nftables, the only one there is.")
    private String proxyMode = "nftables";

    @Option(
            names = "--healthz-bind-address",
            paramLabel = "HOST:PORT",
            defaultValue = "0.0.0.0:10256",
            description = "Where health is served (${DEFAULT-VALUE}); empty for nowhere.")
    private String healthzBindAddress = "0.0.0.0:10256";

    @Option(
            names = "--metrics-bind-address",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:10249",
            description = "Where metrics are served (${DEFAULT-VALUE}); empty for nowhere.")
    private String metricsBindAddress = "127.0.0.1:10249";

    @Option(
            names = "--min-sync-period",
            paramLabel = "DURATION",
            defaultValue = "100ms",
            converter = DurationConverter.class,
            description = "Least time between two changes of the rules (${DEFAULT-VALUE}).")
    private Duration minSyncPeriod = Duration.ofMillis(100);

    @Option(
            names = "--sync-period",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How often link, routes and table are looked over (${DEFAULT-VALUE}).")
    private Duration syncPeriod = Duration.ofSeconds(30);

    @Option(
            names = "--cluster-dns",
            paramLabel = "ADDRESS",
            defaultValue = ProxyOptions.DEFAULT_CLUSTER_DNS,
            description = "The address of the node's DNS (${DEFAULT-VALUE}); empty to serve none.")
    private String clusterDns = ProxyOptions.DEFAULT_CLUSTER_DNS;

    @Option(
            names = "--cluster-domain",
            paramLabel = "DOMAIN",
            defaultValue = "cluster.local",
            description = "The domain of the cluster's names (${DEFAULT-VALUE}).")
    private String clusterDomain = "cluster.local";

    @Option(
            names = "--dns-bind-address",
            paramLabel = "HOST:PORT",
            defaultValue = "",
            description = "Where the node's DNS listens, if not on port 53 of --cluster-dns.")
    private String dnsBindAddress = "";

    @Option(
            names = "--resolv-conf",
            paramLabel = "FILE",
            defaultValue = "/etc/resolv.conf",
            description = "Where the DNS finds the servers to forward to (${DEFAULT-VALUE}).")
    private Path resolvConf = Path.of("/etc/resolv.conf");

    @Option(
            names = "--serve-external-ips",
            description = "Serve spec.externalIPs: lets whoever may write Services take over addresses.")
    private boolean externalIps;

    @Option(
            names = "--link-name",
            paramLabel = "NAME",
            defaultValue = ProxyOptions.DEFAULT_LINK,
            description = "The link that takes the Service range (${DEFAULT-VALUE}).")
    private String linkName = ProxyOptions.DEFAULT_LINK;

    @Option(
            names = "--table-name",
            paramLabel = "NAME",
            defaultValue = ProxyOptions.DEFAULT_TABLE,
            description = "The nftables table, family ip (${DEFAULT-VALUE}).")
    private String tableName = ProxyOptions.DEFAULT_TABLE;

    @Option(names = "--cleanup", description = "Remove the table and the link from this machine, and end.")
    private boolean cleanup;

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure(common.loggingFormat(), common.verbosity());
        if (cleanup) {
            ProxyService.cleanUp(Programs.here(), linkName, tableName);
            return 0;
        }
        ProxyOptions options = options();
        Vertx vertx = Vertx.vertx();
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ServiceMain.awaitStop(ProxyService.start(vertx, options, meters));
        return 0;
    }

    /** The flags as options. */
    public ProxyOptions options() {
        if (kubeconfig == null) {
            throw new IllegalArgumentException("--kubeconfig is needed");
        }
        if (!proxyMode.isEmpty() && !proxyMode.equals("nftables")) {
            throw new IllegalArgumentException("--proxy-mode: '" + proxyMode + "': only nftables is served");
        }
        KubeConfig config;
        try {
            config = KubeConfig.load(kubeconfig);
        } catch (IOException e) {
            throw new IllegalArgumentException("--kubeconfig: cannot read " + kubeconfig + ": " + e.getMessage(), e);
        }
        return new ProxyOptions(
                config,
                hostnameOverride == null ? hostName() : hostnameOverride,
                clusterCidr,
                serviceCidr,
                clusterDns,
                clusterDomain,
                dnsBindAddress,
                resolvConf,
                nodePortAddresses,
                externalIps,
                minSyncPeriod,
                syncPeriod,
                healthzBindAddress,
                metricsBindAddress,
                linkName,
                tableName);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("this machine does not know its name; give --hostname-override", e);
        }
    }
}
