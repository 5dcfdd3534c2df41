package io.vertikube.deploy.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * The flags that each service gets for given settings: the same ones in one JVM and in processes of their own. Pure.
 */
public final class ServiceFlags {

    private final ClusterSettings settings;
    private final ClusterFiles files;

    public ServiceFlags(ClusterSettings settings) {
        this.settings = settings;
        this.files = settings.files();
    }

    public List<String> apiserver() {
        var flags = new ArrayList<>(List.of(
                "--secure-port=" + settings.port(),
                "--bind-address=0.0.0.0",
                "--advertise-address=" + settings.nodeIp(),
                "--client-ca-file=" + files.pki("ca.crt"),
                "--tls-cert-file=" + files.pki("apiserver.crt"),
                "--tls-private-key-file=" + files.pki("apiserver.key"),
                "--kubelet-client-certificate=" + files.pki("apiserver-kubelet-client.crt"),
                "--kubelet-client-key=" + files.pki("apiserver-kubelet-client.key"),
                "--kubelet-certificate-authority=" + files.pki("ca.crt"),
                "--service-account-key-file=" + files.pki("sa.key"),
                "--service-account-signing-key-file=" + files.pki("sa.key"),
                "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
                "--service-cluster-ip-range=" + settings.serviceCidr()));
        if (settings.simulatedNodes() > 0) {
            flags.add("--allow-loopback-kubelets");
        }
        switch (settings.store()) {
            case MEMORY -> {}
            case EMBEDDED -> flags.add("--data-dir=" + files.store());
            case ETCD ->
                flags.addAll(List.of(
                        "--etcd-servers=https://127.0.0.1:2379",
                        "--etcd-cafile=" + files.pki("etcd-ca.crt"),
                        "--etcd-certfile=" + files.pki("apiserver-etcd-client.crt"),
                        "--etcd-keyfile=" + files.pki("apiserver-etcd-client.key")));
        }
        return flags;
    }

    public List<String> scheduler() {
        var flags = new ArrayList<>(List.of("--kubeconfig=" + files.kubeconfig("scheduler")));
        flags.addAll(serving("scheduler"));
        return flags;
    }

    public List<String> controllerManager() {
        var flags = new ArrayList<>(List.of(
                "--kubeconfig=" + files.kubeconfig("controller-manager"),
                "--cluster-cidr=" + settings.clusterCidr(),
                "--allocate-node-cidrs=true",
                "--local-path-root=" + files.storage(),
                "--root-ca-file=" + files.pki("ca.crt"),
                "--cluster-signing-cert-file=" + files.pki("ca.crt"),
                "--cluster-signing-key-file=" + files.pki("ca.key")));
        flags.addAll(serving("controller-manager"));
        return flags;
    }

    /** Health and metrics over TLS, on this machine alone. */
    private List<String> serving(String service) {
        if (!settings.healthPorts()) {
            return List.of("--secure-port=0");
        }
        return List.of(
                "--bind-address=127.0.0.1",
                "--tls-cert-file=" + files.pki(service + ".crt"),
                "--tls-private-key-file=" + files.pki(service + ".key"),
                "--client-ca-file=" + files.pki("ca.crt"));
    }

    /** The node's kubelet. */
    public List<String> kubelet() {
        var flags = new ArrayList<>(kubeletOf(settings.nodeName()));
        flags.addAll(List.of(
                "--port=10250",
                "--container-runtime-endpoint=" + files.runtimeEndpoint(),
                "--root-dir=" + files.kubelet(),
                "--pod-logs-dir=" + files.podLogs(),
                "--fail-swap-on=false",
                "--manage-cni",
                "--cni-conf-dir=" + files.cni(),
                "--cluster-cidr=" + settings.clusterCidr()));
        return flags;
    }

    /** The kubelet of a simulated node, from 1. */
    public List<String> simulatedKubelet(int number) {
        String node = settings.simulatedNodeName(number);
        var flags = new ArrayList<>(kubeletOf(node));
        flags.addAll(List.of(
                "--port=0",
                "--runtime=simulated",
                "--root-dir=" + files.dataDir().resolve("simulated").resolve(node)));
        return flags;
    }

    public List<String> kubeProxy() {
        return List.of(
                "--kubeconfig=" + files.kubeconfig("kube-proxy"),
                "--hostname-override=" + settings.nodeName(),
                "--cluster-cidr=" + settings.clusterCidr(),
                "--service-cluster-ip-range=" + settings.serviceCidr(),
                "--cluster-dns=" + settings.clusterDns());
    }

    private List<String> kubeletOf(String node) {
        return List.of(
                "--kubeconfig=" + files.kubeconfig("kubelet-" + node),
                "--hostname-override=" + node,
                "--node-ip=" + settings.nodeIp(),
                "--cluster-dns=" + settings.clusterDns(),
                "--client-ca-file=" + files.pki("ca.crt"),
                "--tls-cert-file=" + files.pki("kubelet-" + node + ".crt"),
                "--tls-private-key-file=" + files.pki("kubelet-" + node + ".key"));
    }
}
