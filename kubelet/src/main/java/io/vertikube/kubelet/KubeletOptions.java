package io.vertikube.kubelet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a kubelet is started with; names follow the flags of the same meaning. Immutable.
 *
 * @param kubeconfig how to reach the API server
 * @param hostname the node's name
 * @param nodeIp the address other machines reach this one by; empty: found out
 * @param runtimeEndpoint {@code unix:///run/containerd/containerd.sock}, or {@code simulated}
 * @param rootDir where pods' directories are
 * @param podLogsDir where container logs are written
 * @param clusterDns addresses pods ask for names
 * @param port HTTPS port, 0 for any free one
 * @param bindAddress address the HTTPS port is opened on
 * @param cgroupRoot cgroup below which {@code kubepods} stands; empty: pods stay where the runtime puts them
 * @param manageCni whether to write the CNI configuration and the routes to other nodes
 * @param clusterCidr range of all pods' addresses; empty: no sink route
 * @param policies what it does of its own accord
 */
public record KubeletOptions(
        Path kubeconfig,
        String hostname,
        Optional<String> nodeIp,
        String runtimeEndpoint,
        Path rootDir,
        Path podLogsDir,
        List<String> clusterDns,
        String clusterDomain,
        String bindAddress,
        int port,
        int healthzPort,
        Optional<Path> clientCaFile,
        Optional<Path> tlsCertFile,
        Optional<Path> tlsPrivateKeyFile,
        Optional<String> cgroupRoot,
        boolean manageCni,
        Path cniConfDir,
        Optional<String> clusterCidr,
        Map<String, String> nodeLabels,
        List<String> registerWithTaints,
        int maxPods,
        Duration nodeStatusUpdateFrequency,
        Duration nodeStatusReportFrequency,
        Duration syncFrequency,
        Duration leaseRenewal,
        NodePolicies policies) {

    public static final String SIMULATED = "simulated";

    public KubeletOptions {
        clusterDns = List.copyOf(clusterDns);
        nodeLabels = Map.copyOf(nodeLabels);
        registerWithTaints = List.copyOf(registerWithTaints);
    }

    /** The same with other policies. */
    public KubeletOptions with(NodePolicies others) {
        return new KubeletOptions(
                kubeconfig,
                hostname,
                nodeIp,
                runtimeEndpoint,
                rootDir,
                podLogsDir,
                clusterDns,
                clusterDomain,
                bindAddress,
                port,
                healthzPort,
                clientCaFile,
                tlsCertFile,
                tlsPrivateKeyFile,
                cgroupRoot,
                manageCni,
                cniConfDir,
                clusterCidr,
                nodeLabels,
                registerWithTaints,
                maxPods,
                nodeStatusUpdateFrequency,
                nodeStatusReportFrequency,
                syncFrequency,
                leaseRenewal,
                others);
    }

    /** A kubelet on simulated containers, on any free port: what tests and machines without root start. */
    public static KubeletOptions simulated(Path kubeconfig, String hostname, Path rootDir) {
        return new KubeletOptions(
                kubeconfig,
                hostname,
                Optional.of("127.0.0.1"),
                SIMULATED,
                rootDir,
                rootDir.resolve("pod-logs"),
                List.of(),
                "cluster.local",
                "127.0.0.1",
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                rootDir.resolve("cni"),
                Optional.empty(),
                Map.of(),
                List.of(),
                110,
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                NodePolicies.NONE);
    }

    public boolean isSimulated() {
        return runtimeEndpoint.equals(SIMULATED);
    }
}
