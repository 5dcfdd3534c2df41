package io.vertikube.kubelet.runtime;

import java.nio.file.Path;

/** Where containers' logs are, as every kubelet lays them out and as collectors of logs look for them. Pure functions. */
public final class LogFiles {

    private LogFiles() {}

    /** The folder of a pod. */
    public static Path folder(Path root, PodIdentity pod) {
        return root.resolve(pod.namespace() + "_" + pod.name() + "_" + pod.uid());
    }

    /** A container's file within its pod's folder. */
    public static String within(String container, int attempt) {
        return container + "/" + attempt + ".log";
    }

    public static Path of(Path root, PodIdentity pod, String container, int attempt) {
        return folder(root, pod).resolve(within(container, attempt));
    }
}
