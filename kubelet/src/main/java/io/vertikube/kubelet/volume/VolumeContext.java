package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.vertikube.kubelet.env.FieldValues;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The pod that a volume is made for. Immutable. */
record VolumeContext(Pod pod, Path podDir, FieldValues fields) {

    String namespace() {
        return pod.getMetadata().getNamespace();
    }

    /** Where a volume of ours lies; {@code plugin} as in {@code kubernetes.io~empty-dir}. */
    Path folder(String plugin, String volume) {
        return podDir.resolve("volumes").resolve(plugin).resolve(volume);
    }

    OptionalLong fsGroup() {
        PodSecurityContext security = pod.getSpec().getSecurityContext();
        return security == null || security.getFsGroup() == null
                ? OptionalLong.empty()
                : OptionalLong.of(security.getFsGroup());
    }
}
