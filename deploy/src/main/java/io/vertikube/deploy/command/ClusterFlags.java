package io.vertikube.deploy.command;

import io.vertikube.deploy.cluster.ClusterSettings;
import io.vertikube.deploy.cluster.ClusterSettings.StoreKind;
import io.vertikube.value.Cidr;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The flags that say which cluster is meant; a picocli mixin. Confined to the thread that parses. */
final class ClusterFlags {

    @Option(
            names = "--data-dir",
            required = true,
            paramLabel = "DIR",
            description = "Where the cluster keeps its files.")
    private Path dataDir = Path.of("");

    @Option(names = "--store", defaultValue = "embedded", description = "embedded, etcd, or memory.")
    private String store = "embedded";

    @Option(names = "--port", defaultValue = "6443", description = "The API's port.")
    private int port;

    @Option(names = "--node-name", required = true, description = "The node's name.")
    private String nodeName = "";

    @Option(names = "--node-ip", required = true, description = "The address by which others reach this machine.")
    private String nodeIp = "";

    @Option(names = "--cluster-cidr", defaultValue = "10.42.0.0/16", description = "Addresses of pods.")
    private String clusterCidr = "";

    @Option(names = "--service-cidr", defaultValue = "10.96.0.0/16", description = "Addresses of Services.")
    private String serviceCidr = "";

    @Option(names = "--cluster-dns", defaultValue = "10.96.0.10", description = "Where pods ask for names.")
    private String clusterDns = "";

    @Option(names = "--simulated", defaultValue = "0", description = "Nodes without containers; 0 for a real one.")
    private int simulated;

    ClusterSettings settings() {
        StoreKind kind =
                switch (store.toLowerCase(Locale.ROOT)) {
                    case "memory" -> StoreKind.MEMORY;
                    case "embedded" -> StoreKind.EMBEDDED;
                    case "etcd" -> StoreKind.ETCD;
                    default ->
                        throw new IllegalArgumentException(
                                "--store: \"" + store + "\" is none of embedded, etcd, memory");
                };
        return new ClusterSettings(
                dataDir.toAbsolutePath(),
                kind,
                port,
                nodeName,
                nodeIp,
                Cidr.parse(clusterCidr),
                Cidr.parse(serviceCidr),
                clusterDns,
                simulated,
                true);
    }
}
