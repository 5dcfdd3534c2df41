package io.vertikube.deploy.cluster;

import java.nio.file.Path;

/** Where things lie in a cluster's data folder. Immutable. */
public record ClusterFiles(Path dataDir) {

    public Path pki() {
        return dataDir.resolve("pki");
    }

    public Path pki(String name) {
        return pki().resolve(name);
    }

    public Path kubeconfigs() {
        return dataDir.resolve("kubeconfig");
    }

    /** The kubeconfig of a caller, such as {@code admin} or {@code scheduler}. */
    public Path kubeconfig(String caller) {
        return kubeconfigs().resolve(caller + ".conf");
    }

    public Path store() {
        return dataDir.resolve("store");
    }

    public Path kubelet() {
        return dataDir.resolve("kubelet");
    }

    /** Volumes of the built-in provisioner. */
    public Path storage() {
        return dataDir.resolve("storage");
    }

    public Path podLogs() {
        return dataDir.resolve("pod-logs");
    }

    public Path cni() {
        return dataDir.resolve("cni").resolve("net.d");
    }

    public String runtimeEndpoint() {
        return "unix://" + dataDir.resolve("containerd").resolve("containerd.sock");
    }
}
