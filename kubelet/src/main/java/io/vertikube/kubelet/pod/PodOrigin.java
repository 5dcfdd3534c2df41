package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Objects;

/** Where a pod comes from, by the annotations Kubernetes uses, and whether the node cannot do without it. Pure functions. */
public final class PodOrigin {

    /** {@code file} on a pod from a manifest; pods of the API have none, or {@code api}. */
    public static final String SOURCE = "kubernetes.io/config.source";

    /** Uid of the static pod. */
    public static final String HASH = "kubernetes.io/config.hash";

    /** On the API's picture of a static pod: whose picture it is. */
    public static final String MIRROR = "kubernetes.io/config.mirror";

    public static final String SEEN = "kubernetes.io/config.seen";

    /** Priorities from here on are those of {@code system-cluster-critical} and {@code system-node-critical}. */
    public static final int CRITICAL = 2_000_000_000;

    private PodOrigin() {}

    public static boolean isMirror(Pod pod) {
        return annotations(pod).containsKey(MIRROR);
    }

    /** Whether it comes from a manifest of this machine. */
    public static boolean isStatic(Pod pod) {
        String source = annotations(pod).get(SOURCE);
        return source != null && !source.equals("api") && !isMirror(pod);
    }

    /** Whether it is never evicted and always admitted. */
    public static boolean isCritical(Pod pod) {
        Integer priority = pod.getSpec().getPriority();
        return isStatic(pod) || isMirror(pod) || (priority != null && priority >= CRITICAL);
    }

    /** Uid of the static pod that a mirror shows; empty for any other pod. */
    public static String mirrored(Pod mirror) {
        return annotations(mirror).getOrDefault(MIRROR, "");
    }

    /** Whether this is the API's picture of that static pod as it is now. */
    public static boolean isMirrorOf(Pod mirror, Pod pod) {
        return Objects.equals(annotations(mirror).get(MIRROR), pod.getMetadata().getUid());
    }

    private static Map<String, String> annotations(Pod pod) {
        return Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
    }
}
