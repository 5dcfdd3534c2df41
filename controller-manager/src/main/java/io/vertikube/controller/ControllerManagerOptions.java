package io.vertikube.controller;

import io.vertikube.client.KubeConfig;
import io.vertikube.control.LeaderElector;
import io.vertikube.control.Leadership;
import io.vertikube.controller.autoscaling.AutoscalingTimings;
import io.vertikube.controller.node.NodeLifecycleReconciler;
import io.vertikube.service.TlsFiles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a controller-manager runs. Immutable; {@link #defaults} is what Kubernetes does, the {@code with} methods change one thing.
 *
 * @param controllers which controllers run: {@code *} for all, {@code -name} for all but one
 * @param concurrentSyncs workers by controller name, where they are not the usual number
 * @param rootCaPem certificates to publish in every namespace, null to publish none
 * @param signing null to leave certificate requests to others
 * @param ownAccounts whether each controller acts as a service account of its own, instead of all as the service
 * @param localPathRoot the folder on each node for volumes of the built-in provisioner
 */
public record ControllerManagerOptions(
        KubeConfig kubeConfig,
        List<String> controllers,
        Map<String, Integer> concurrentSyncs,
        @Nullable String rootCaPem,
        NodeRanges nodeRanges,
        NodeLifecycleReconciler.Timings nodeMonitor,
        int terminatedPodGcThreshold,
        Leadership leadership,
        Serving serving,
        String localPathRoot,
        @Nullable Signing signing,
        Services services,
        AutoscalingTimings autoscaling,
        boolean ownAccounts) {

    /** The Lease that a leader holds, unless a flag says otherwise. */
    static final String LEASE = "kube-controller-manager";

    /** Where the volumes of the built-in provisioner lie on each node, unless its class says otherwise. */
    public static final String LOCAL_PATH_ROOT = "/var/lib/vertikube/storage";

    /**
     * With what approved certificate requests are signed.
     *
     * @param longest how long a certificate is valid at most
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Signing(byte[] certificatePem, byte[] keyPem, Duration longest) {}

    /**
     * How Services are seen to.
     *
     * @param mirroringMaxEndpointsPerSubset how many addresses of hand-made Endpoints are mirrored
     * @param loadBalancerReservedPorts ports of the nodes that no Service of type LoadBalancer may take
     */
    public record Services(int mirroringMaxEndpointsPerSubset, Set<Integer> loadBalancerReservedPorts) {
        public Services {
            loadBalancerReservedPorts = Set.copyOf(loadBalancerReservedPorts);
        }
    }

    /** Without these nobody reaches a node any more: SSH, etcd, the API server and the node's own services. */
    public static final Set<Integer> DEFAULT_RESERVED_PORTS =
            Set.of(22, 2379, 2380, 6443, 10248, 10249, 10250, 10256, 10257, 10259);

    /** The ranges of nodes: from which, of what size; none are given when {@code allocate} is false. */
    public record NodeRanges(boolean allocate, List<String> clusterCidrs, int maskSizeIpv4, int maskSizeIpv6) {
        public NodeRanges {
            clusterCidrs = List.copyOf(clusterCidrs);
        }
    }

    /** Where health and metrics are served; on port 0 nowhere. */
    public record Serving(
            String bindAddress, int securePort, @Nullable TlsFiles tls) {}

    public ControllerManagerOptions {
        controllers = List.copyOf(controllers);
        concurrentSyncs = Map.copyOf(concurrentSyncs);
    }

    /** All controllers, a leader election, no node ranges, no published root, nothing served. */
    public static ControllerManagerOptions defaults(KubeConfig kubeConfig, String identity) {
        return new ControllerManagerOptions(
                kubeConfig,
                List.of("*"),
                Map.of(),
                null,
                new NodeRanges(false, List.of(), 24, 64),
                new NodeLifecycleReconciler.Timings(
                        Duration.ofSeconds(5), Duration.ofSeconds(50), Duration.ofSeconds(60)),
                12_500,
                new Leadership(true, Leadership.NAMESPACE, LEASE, identity, LeaderElector.Timings.defaults()),
                new Serving("0.0.0.0", 0, null),
                LOCAL_PATH_ROOT,
                null,
                new Services(1000, DEFAULT_RESERVED_PORTS),
                AutoscalingTimings.defaults(),
                false);
    }

    public ControllerManagerOptions withControllers(List<String> selection) {
        return with(draft -> draft.controllers = selection);
    }

    public ControllerManagerOptions withConcurrentSyncs(Map<String, Integer> workers) {
        return with(draft -> draft.concurrentSyncs = workers);
    }

    public ControllerManagerOptions withRootCa(@Nullable String pem) {
        return with(draft -> draft.rootCaPem = pem);
    }

    public ControllerManagerOptions withNodeRanges(NodeRanges ranges) {
        return with(draft -> draft.nodeRanges = ranges);
    }

    public ControllerManagerOptions withNodeMonitor(NodeLifecycleReconciler.Timings timings) {
        return with(draft -> draft.nodeMonitor = timings);
    }

    public ControllerManagerOptions withTerminatedPodGcThreshold(int threshold) {
        return with(draft -> draft.terminatedPodGcThreshold = threshold);
    }

    public ControllerManagerOptions withLeadership(Leadership how) {
        return with(draft -> draft.leadership = how);
    }

    public ControllerManagerOptions withServing(Serving where) {
        return with(draft -> draft.serving = where);
    }

    public ControllerManagerOptions withLocalPathRoot(String folder) {
        return with(draft -> draft.localPathRoot = folder);
    }

    public ControllerManagerOptions withServices(Services how) {
        return with(draft -> draft.services = how);
    }

    public ControllerManagerOptions withSigning(@Nullable Signing authority) {
        return with(draft -> draft.signing = authority);
    }

    public ControllerManagerOptions withAutoscaling(AutoscalingTimings timings) {
        return with(draft -> draft.autoscaling = timings);
    }

    public ControllerManagerOptions withOwnAccounts(boolean own) {
        return with(draft -> draft.ownAccounts = own);
    }

    private ControllerManagerOptions with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** The same components, one of which is about to change. Confined to the call that makes it. */
    private static final class Draft {
        private final KubeConfig kubeConfig;
        private List<String> controllers;
        private Map<String, Integer> concurrentSyncs;
        private @Nullable String rootCaPem;
        private NodeRanges nodeRanges;
        private NodeLifecycleReconciler.Timings nodeMonitor;
        private int terminatedPodGcThreshold;
        private Leadership leadership;
        private Serving serving;
        private String localPathRoot;
        private @Nullable Signing signing;
        private Services services;
        private AutoscalingTimings autoscaling;
        private boolean ownAccounts;

        private Draft(ControllerManagerOptions from) {
            this.kubeConfig = from.kubeConfig;
            this.controllers = from.controllers;
            this.concurrentSyncs = from.concurrentSyncs;
            this.rootCaPem = from.rootCaPem;
            this.nodeRanges = from.nodeRanges;
            this.nodeMonitor = from.nodeMonitor;
            this.terminatedPodGcThreshold = from.terminatedPodGcThreshold;
            this.leadership = from.leadership;
            this.serving = from.serving;
            this.localPathRoot = from.localPathRoot;
            this.signing = from.signing;
            this.services = from.services;
            this.autoscaling = from.autoscaling;
            this.ownAccounts = from.ownAccounts;
        }

        private ControllerManagerOptions options() {
            return new ControllerManagerOptions(
                    kubeConfig,
                    controllers,
                    concurrentSyncs,
                    rootCaPem,
                    nodeRanges,
                    nodeMonitor,
                    terminatedPodGcThreshold,
                    leadership,
                    serving,
                    localPathRoot,
                    signing,
                    services,
                    autoscaling,
                    ownAccounts);
        }
    }
}
