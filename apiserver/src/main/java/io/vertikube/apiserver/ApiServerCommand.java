package io.vertikube.apiserver;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertikube.apiserver.admission.AdmissionChoice;
import io.vertikube.apiserver.admission.PortRange;
import io.vertikube.service.CommonFlags;
import io.vertikube.service.DurationConverter;
import io.vertikube.service.Logging;
import io.vertikube.service.ServiceMain;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vertikube apiserver}: the flags of kube-apiserver, as far as there is something behind them. */
@Command(
        name = "apiserver",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "The Kubernetes API over a store.")
public final class ApiServerCommand implements Callable<Integer> {

    @Mixin
    private CommonFlags common = new CommonFlags();

    @Option(names = "--bind-address", defaultValue = "0.0.0.0", description = "Address to listen on.")
    private String bindAddress = "0.0.0.0";

    @Option(names = "--secure-port", defaultValue = "6443", description = "HTTPS port; 0 for any free one.")
    private int securePort;

    @Option(
            names = "--advertise-address",
            defaultValue = "",
            description = "Address at which others reach this server.")
    private String advertiseAddress = "";

    @Option(names = "--tls-cert-file", paramLabel = "FILE", description = "Serving certificate, PEM.")
    private @Nullable Path tlsCertFile;

    @Option(names = "--tls-private-key-file", paramLabel = "FILE", description = "Its key, PEM.")
    private @Nullable Path tlsPrivateKeyFile;

    @Option(names = "--client-ca-file", paramLabel = "FILE", description = "Whose client certificates count, PEM.")
    private @Nullable Path clientCaFile;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder of the embedded store; memory without it.")
    private @Nullable Path dataDir;

    @Option(
            names = "--etcd-servers",
            split = ",",
            paramLabel = "URL",
            description = "etcd instead of the embedded store.")
    private List<URI> etcdServers = List.of();

    @Option(names = "--etcd-cafile", paramLabel = "FILE", description = "Whose etcd servers are believed.")
    private @Nullable Path etcdCaFile;

    @Option(names = "--etcd-certfile", paramLabel = "FILE", description = "Client certificate for etcd.")
    private @Nullable Path etcdCertFile;

    @Option(names = "--etcd-keyfile", paramLabel = "FILE", description = "Its key.")
    private @Nullable Path etcdKeyFile;

    @Option(
            names = "--kubelet-client-certificate",
            paramLabel = "FILE",
            description = "Client certificate for kubelets.")
    private @Nullable Path kubeletClientCertificate;

    @Option(names = "--kubelet-client-key", paramLabel = "FILE", description = "Its key.")
    private @Nullable Path kubeletClientKey;

    @Option(
            names = "--kubelet-certificate-authority",
            paramLabel = "FILE",
            description = "Whose kubelets are believed; the client CA without it.")
    private @Nullable Path kubeletCertificateAuthority;

    @Option(
            names = "--allow-loopback-kubelets",
            defaultValue = "false",
            arity = "0..1",
            fallbackValue = "true",
            description = "Follow nodes whose registered address is a loopback one.")
    private boolean loopbackKubelets;

    @Option(
            names = "--service-account-key-file",
            split = ",",
            paramLabel = "FILE",
            description = "Keys whose service account tokens count.")
    private List<Path> serviceAccountKeyFiles = List.of();

    @Option(names = "--service-account-signing-key-file", paramLabel = "FILE", description = "Key that signs tokens.")
    private @Nullable Path serviceAccountSigningKeyFile;

    @Option(
            names = "--service-account-issuer",
            defaultValue = ApiServerOptions.Identity.DEFAULT_ISSUER,
            description = "Who says to have issued the tokens.")
    private String serviceAccountIssuer = ApiServerOptions.Identity.DEFAULT_ISSUER;

    @Option(names = "--api-audiences", split = ",", description = "A token names one of these; the issuer without it.")
    private List<String> apiAudiences = List.of();

    @Option(names = "--service-cluster-ip-range", defaultValue = "10.96.0.0/16", description = "Addresses of Services.")
    private String serviceClusterIpRange = "10.96.0.0/16";

    @Option(
            names = "--service-node-port-range",
            defaultValue = "30000-32767",
            description = "Ports of Services on every node; the same for all servers of a cluster.")
    private String serviceNodePortRange = "30000-32767";

    @Option(
            names = "--authorization-mode",
            split = ",",
            defaultValue = "Node,RBAC",
            description = "Node, RBAC, AlwaysAllow, AlwaysDeny; asked in order.")
    private List<String> authorizationMode = List.of("Node", "RBAC");

    @Option(
            names = "--enable-admission-plugins",
            split = ",",
            description =
                    "Admission plugins to turn on beside those that are on by default; an unknown name is told with"
                            + " all known ones.")
    private List<String> enableAdmissionPlugins = List.of();

    @Option(names = "--disable-admission-plugins", split = ",", description = "Admission plugins to turn off.")
    private List<String> disableAdmissionPlugins = List.of();

    @Option(
            names = "--anonymous-auth",
            defaultValue = "false",
            arity = "0..1",
            fallbackValue = "true",
            description = "Whether callers without credentials are system:anonymous rather than refused with 401.")
    private boolean anonymousAuth;

    @Option(
            names = "--metric-resolution",
            defaultValue = "15s",
            converter = DurationConverter.class,
            description = "How often kubelets are asked what is used, while somebody reads metrics.k8s.io.")
    private Duration metricResolution = Duration.ofSeconds(15);

    @Option(
            names = "--event-ttl",
            defaultValue = "1h",
            converter = DurationConverter.class,
            description = "How long events are kept, such as 1h or 30m.")
    private Duration eventTtl = Duration.ofHours(1);

    @Option(names = "--max-requests-inflight", defaultValue = "400", description = "Reads at once.")
    private int maxRequestsInflight;

    @Option(names = "--max-mutating-requests-inflight", defaultValue = "200", description = "Writes at once.")
    private int maxMutatingRequestsInflight;

    @Option(
            names = "--enable-priority-and-fairness",
            defaultValue = "true",
            arity = "0..1",
            fallbackValue = "true",
            description = "Whether flow schemas divide the sum of both among priority levels.")
    private boolean enablePriorityAndFairness = true;

    @Mixin
    private AuditFlags audit = new AuditFlags();

    /** What the flags say. */
    public ApiServerOptions options() {
        Limits limits = Limits.defaults();
        return new ApiServerOptions(
                new ApiServerOptions.Serving(
                        bindAddress, securePort, advertiseAddress, tlsCertFile, tlsPrivateKeyFile, clientCaFile),
                new ApiServerOptions.StoreChoice(dataDir, etcdServers, etcdCaFile, etcdCertFile, etcdKeyFile),
                new ApiServerOptions.Identity(
                        kubeletClientCertificate,
                        kubeletClientKey,
                        kubeletCertificateAuthority,
                        loopbackKubelets,
                        serviceAccountKeyFiles,
                        serviceAccountSigningKeyFile,
                        serviceAccountIssuer,
                        apiAudiences),
                new ApiServerOptions.Access(
                        anonymousAuth,
                        authorizationMode,
                        new AdmissionChoice(enableAdmissionPlugins, disableAdmissionPlugins)),
                new ApiServerOptions.Cluster(serviceClusterIpRange, hostName(), nodePorts()),
                limits.withInFlight(maxRequestsInflight, maxMutatingRequestsInflight)
                        .withFairness(enablePriorityAndFairness)
                        .withMetrics(limits.metrics().withResolution(metricResolution))
                        .withStorage(limits.storage().withTimeToLive(Map.of("/registry/core/events/", eventTtl))),
                audit.options());
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure(common.loggingFormat(), common.verbosity());
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(meters);
        Vertx vertx = Vertx.vertx();
        try {
            ServiceMain.awaitStop(ApiServerService.start(vertx, options(), meters));
        } finally {
            vertx.close().await();
        }
        return 0;
    }

    private PortRange nodePorts() {
        try {
            return PortRange.parse(serviceNodePortRange);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--service-node-port-range: " + e.getMessage(), e);
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
