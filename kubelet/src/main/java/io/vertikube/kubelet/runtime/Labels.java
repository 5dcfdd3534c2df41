package io.vertikube.kubelet.runtime;

import java.util.Map;
import java.util.Optional;

/**
 * What the kubelet writes on sandboxes and containers, so that after a restart it knows them again. The names are those
 * every kubelet uses, so that tools which read them from the runtime work. Pure functions.
 */
public final class Labels {

    public static final String POD_NAME = "io.kubernetes.pod.name";
    public static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    public static final String POD_UID = "io.kubernetes.pod.uid";
    public static final String CONTAINER_NAME = "io.kubernetes.container.name";

    /** Which spec the container was made from. */
    public static final String HASH = "io.kubernetes.container.hash";

    public static final String RESTART_COUNT = "io.kubernetes.container.restartCount";
    public static final String TERMINATION_PATH = "io.kubernetes.container.terminationMessagePath";
    public static final String TERMINATION_POLICY = "io.kubernetes.container.terminationMessagePolicy";
    public static final String POD_GRACE = "io.kubernetes.pod.terminationGracePeriod";
    public static final String CONTAINER_TYPE = "io.kubernetes.container.type";

    /** Which runtime made a container, so that its id can be written with its scheme. */
    public static final String RUNTIME = "io.vertikube.runtime";

    /** The requests and limits a container was made with, as JSON. */
    public static final String RESOURCES = "io.vertikube.container.resources";

    /** The images that a container's volumes are made of, by the runtime's ids, with commas between them. */
    public static final String IMAGE_VOLUMES = "io.vertikube.container.imageVolumes";

    private Labels() {}

    /** The labels of everything that belongs to a pod. */
    public static Map<String, String> of(PodIdentity pod) {
        return Map.of(POD_NAME, pod.name(), POD_NAMESPACE, pod.namespace(), POD_UID, pod.uid());
    }

    /** The pod that labels name, if they do. */
    public static Optional<PodIdentity> pod(Map<String, String> labels) {
        String uid = labels.get(POD_UID);
        String name = labels.get(POD_NAME);
        String namespace = labels.get(POD_NAMESPACE);
        return uid == null || name == null || namespace == null
                ? Optional.empty()
                : Optional.of(new PodIdentity(namespace, name, uid));
    }
}
