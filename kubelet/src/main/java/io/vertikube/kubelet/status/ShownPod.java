package io.vertikube.kubelet.status;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;

/** A pod with another status. Pure. */
public final class ShownPod {

    private ShownPod() {}

    /** The same at another revision of the API's. */
    static Pod at(Pod pod, String revision) {
        var metadata = new ObjectMetaBuilder(pod.getMetadata())
                .withResourceVersion(revision)
                .build();
        var shown = new Pod(pod.getApiVersion(), pod.getKind(), metadata, pod.getSpec(), pod.getStatus());
        shown.setAdditionalProperties(pod.getAdditionalProperties());
        return shown;
    }

    /** Shares everything else with the pod: to be read or sent, not changed. A builder would copy the whole pod twice. */
    public static Pod of(Pod pod, PodStatus status) {
        var shown = new Pod(pod.getApiVersion(), pod.getKind(), pod.getMetadata(), pod.getSpec(), status);
        shown.setAdditionalProperties(pod.getAdditionalProperties());
        return shown;
    }
}
