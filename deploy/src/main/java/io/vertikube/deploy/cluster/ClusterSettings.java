package io.vertikube.deploy.cluster;

import io.vertikube.value.Cidr;
import java.net.URI;
import java.nio.file.Path;

/**
 * Which cluster this is: everything that its services on one machine must agree on. Immutable.
 *
 * @param simulatedNodes how many nodes without containers; 0 for one real node
 * @param healthPorts whether scheduler and controller-manager serve health and metrics at their usual ports
 */
public record ClusterSettings(
        Path dataDir,
        StoreKind store,
        int port,
        String nodeName,
        String nodeIp,
        Cidr clusterCidr,
        Cidr serviceCidr,
        String clusterDns,
        int simulatedNodes,
        boolean healthPorts) {

    /** Where objects are kept. */
    public enum StoreKind {
        /** Gone with the process; for measurements. */
        MEMORY,
        EMBEDDED,
        ETCD
    }

    public ClusterSettings {
        if (!serviceCidr.contains(clusterDns)) {
            throw new IllegalArgumentException(
                    "--cluster-dns: " + clusterDns + " is not in the range of Services, " + serviceCidr);
        }
        if (clusterCidr.contains(serviceCidr.address(0)) || serviceCidr.contains(clusterCidr.address(0))) {
            throw new IllegalArgumentException("--cluster-cidr " + clusterCidr + " and --service-cidr " + serviceCidr
                    + " overlap; pods and Services need ranges of their own");
        }
    }

    public ClusterFiles files() {
        return new ClusterFiles(dataDir);
    }

    /** Where the services of this machine reach the API. */
    public URI localServer() {
        return URI.create("https://127.0.0.1:" + port);
    }

    /** The name of the n-th simulated node, from 1; the first is named as the machine's node would be. */
    public String simulatedNodeName(int number) {
        return number == 1 ? nodeName : nodeName + "-" + number;
    }

    /** The address of the {@code kubernetes} Service. */
    public String kubernetesAddress() {
        return serviceCidr.address(1);
    }
}
