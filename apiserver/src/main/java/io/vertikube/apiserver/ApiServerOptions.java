package io.vertikube.apiserver;

import io.vertikube.apiserver.admission.AdmissionChoice;
import io.vertikube.apiserver.admission.PortRange;
import io.vertikube.apiserver.audit.AuditOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an API server is told. Immutable. A file that is not named is made in memory: a server without any has an
 * authority, a serving certificate and keys of its own, which are gone when it stops.
 */
public record ApiServerOptions(
        Serving serving,
        StoreChoice store,
        Identity identity,
        Access access,
        Cluster cluster,
        Limits limits,
        AuditOptions audit) {

    /** One that records nothing. */
    public ApiServerOptions(
            Serving serving, StoreChoice store, Identity identity, Access access, Cluster cluster, Limits limits) {
        this(serving, store, identity, access, cluster, limits, AuditOptions.OFF);
    }

    /**
     * Where it listens.
     *
     * @param port 0 for any free one
     * @param advertiseAddress where others reach it; empty for the bind address, or one of the machine's
     */
    public record Serving(
            String bindAddress,
            int port,
            String advertiseAddress,
            @Nullable Path certificate,
            @Nullable Path key,
            @Nullable Path clientCa) {}

    /**
     * Where objects are kept: etcd if servers are named, else the folder, else memory.
     *
     * @param dataDir the folder of the embedded store
     */
    public record StoreChoice(
            @Nullable Path dataDir,
            List<URI> etcdServers,
            @Nullable Path etcdCa,
            @Nullable Path etcdCertificate,
            @Nullable Path etcdKey) {

        public static final StoreChoice MEMORY = new StoreChoice(null, List.of(), null, null, null);

        public StoreChoice {
            etcdServers = List.copyOf(etcdServers);
        }
    }

    /**
     * As whom it speaks to kubelets and signs tokens.
     *
     * @param serviceAccountKeys public keys (or the private ones they belong to) whose tokens count
     * @param apiAudiences a token must name one of these; empty for the issuer
     * @param loopbackKubelets whether a node's registered address may be a loopback one, as where all runs on one machine
     */
    public record Identity(
            @Nullable Path kubeletCertificate,
            @Nullable Path kubeletKey,
            @Nullable Path kubeletCa,
            boolean loopbackKubelets,
            List<Path> serviceAccountKeys,
            @Nullable Path serviceAccountSigningKey,
            String serviceAccountIssuer,
            List<String> apiAudiences) {

        public static final String DEFAULT_ISSUER = "https://kubernetes.default.svc.cluster.local";
        public static final Identity GENERATED =
                new Identity(null, null, null, true, List.of(), null, DEFAULT_ISSUER, List.of());

        public Identity {
            serviceAccountKeys = List.copyOf(serviceAccountKeys);
            apiAudiences = List.copyOf(apiAudiences);
        }
    }

    /**
     * Who may do what.
     *
     * @param anonymous whether callers without credentials are {@code system:anonymous}; else they get 401, except for
     *     health
     * @param authorizationModes of {@code Node}, {@code RBAC}, {@code AlwaysAllow}, {@code AlwaysDeny}, asked in order
     * @param admission which admission plugins run
     */
    public record Access(boolean anonymous, List<String> authorizationModes, AdmissionChoice admission) {

        public static final Access DEFAULT = new Access(false, List.of("Node", "RBAC"), AdmissionChoice.DEFAULT);

        public Access {
            authorizationModes = List.copyOf(authorizationModes);
            for (String mode : authorizationModes) {
                if (!List.of("Node", "RBAC", "AlwaysAllow", "AlwaysDeny").contains(mode)) {
                    throw new IllegalArgumentException(
                            "--authorization-mode: \"" + mode + "\" is none of Node, RBAC, AlwaysAllow, AlwaysDeny");
                }
            }
        }
    }

    /**
     * What the cluster looks like.
     *
     * @param serverName tells this server from others
     * @param nodePorts which ports Services may have on every node; the same for all servers of a cluster
     */
    public record Cluster(String serviceRange, String serverName, PortRange nodePorts) {

        public Cluster(String serviceRange, String serverName) {
            this(serviceRange, serverName, PortRange.USUAL);
        }
    }

    /** A server for a test: any port of the loopback address, everything in memory. */
    public static ApiServerOptions forTests() {
        return new ApiServerOptions(
                new Serving("127.0.0.1", 0, "127.0.0.1", null, null, null),
                StoreChoice.MEMORY,
                Identity.GENERATED,
                Access.DEFAULT,
                new Cluster("10.96.0.0/16", "test"),
                Limits.defaults());
    }

    public ApiServerOptions withStore(StoreChoice other) {
        return new ApiServerOptions(serving, other, identity, access, cluster, limits, audit);
    }

    public ApiServerOptions withPort(int other) {
        var serving = new Serving(
                this.serving.bindAddress(),
                other,
                this.serving.advertiseAddress(),
                this.serving.certificate(),
                this.serving.key(),
                this.serving.clientCa());
        return new ApiServerOptions(serving, store, identity, access, cluster, limits, audit);
    }

    public ApiServerOptions withAccess(Access other) {
        return new ApiServerOptions(serving, store, identity, other, cluster, limits, audit);
    }

    public ApiServerOptions withLimits(Limits other) {
        return new ApiServerOptions(serving, store, identity, access, cluster, other, audit);
    }

    public ApiServerOptions withAudit(AuditOptions other) {
        return new ApiServerOptions(serving, store, identity, access, cluster, limits, other);
    }
}
