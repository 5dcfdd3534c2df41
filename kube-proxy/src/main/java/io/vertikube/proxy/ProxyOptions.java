package io.vertikube.proxy;

import io.vertikube.client.KubeConfig;
import io.vertikube.value.Cidr;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What kube-proxy is told at its start. Immutable.
 *
 * @param nodeName the Node that this machine is
 * @param clusterCidr the range of all pods, or empty
 * @param serviceCidr the range of all ClusterIPs
 * @param clusterDns the address under which pods find the node's DNS, or empty to serve none
 * @param clusterDomain the domain of the cluster's names, without a dot at the end
 * @param dnsBindAddress host:port the DNS listens on instead of {@code clusterDns:53}, or empty
 * @param nodePortAddresses ranges of the node's addresses that serve NodePorts; none for all
 * @param externalIps whether {@code spec.externalIPs} are served
 * @param minSyncPeriod least time between two changes of the table
 * @param syncPeriod how often everything is looked over without a reason
 * @param healthzBindAddress host:port, or empty for none
 * @param metricsBindAddress host:port, or empty for none
 */
public record ProxyOptions(
        KubeConfig kubeConfig,
        String nodeName,
        String clusterCidr,
        String serviceCidr,
        String clusterDns,
        String clusterDomain,
        String dnsBindAddress,
        Path resolvConf,
        List<String> nodePortAddresses,
        boolean externalIps,
        Duration minSyncPeriod,
        Duration syncPeriod,
        String healthzBindAddress,
        String metricsBindAddress,
        String linkName,
        String tableName) {

    public static final String DEFAULT_SERVICE_CIDR = "10.96.0.0/12";
    public static final String DEFAULT_CLUSTER_DNS = "10.96.0.10";
    public static final String DEFAULT_LINK = "vk-svc";
    public static final String DEFAULT_TABLE = "vertikube";

    public ProxyOptions {
        nodePortAddresses = List.copyOf(nodePortAddresses);
        checkCidr("--service-cluster-ip-range", serviceCidr);
        if (!clusterCidr.isEmpty()) {
            checkCidr("--cluster-cidr", clusterCidr);
        }
        if (!clusterDns.isEmpty() && !Cidr.isAddress(clusterDns)) {
            throw new IllegalArgumentException("--cluster-dns: '" + clusterDns + "' is no IP address");
        }
        nodePortAddresses.forEach(range -> checkCidr("--nodeport-addresses", range));
        checkName("--link-name", linkName);
        checkName("--table-name", tableName);
    }

    /** The usual ones for a node. */
    public static ProxyOptions of(KubeConfig kubeConfig, String nodeName, String clusterCidr) {
        return new ProxyOptions(
                kubeConfig,
                nodeName,
                clusterCidr,
                DEFAULT_SERVICE_CIDR,
                DEFAULT_CLUSTER_DNS,
                "cluster.local",
                "",
                Path.of("/etc/resolv.conf"),
                List.of(),
                false,
                Duration.ofMillis(100),
                Duration.ofSeconds(30),
                "0.0.0.0:10256",
                "127.0.0.1:10249",
                DEFAULT_LINK,
                DEFAULT_TABLE);
    }

    /** Where the DNS listens, or null for nowhere. */
    @Nullable
    HostPort dnsAddress() {
        if (!dnsBindAddress.isEmpty()) {
            return HostPort.parse("--dns-bind-address", dnsBindAddress);
        }
        return clusterDns.isEmpty() ? null : new HostPort(clusterDns, 53);
    }

    private static void checkCidr(String flag, String range) {
        try {
            if (Cidr.parse(range).isIpv6()) {
                throw new IllegalArgumentException("IPv6 is not served");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(flag + ": '" + range + "': " + e.getMessage(), e);
        }
    }

    private static void checkName(String flag, String name) {
        if (!name.matches("[a-z][a-z0-9_-]{0,14}")) {
            throw new IllegalArgumentException(
                    flag + ": '" + name + "': want 1 to 15 of a-z, 0-9, - and _, a letter first");
        }
    }
}
