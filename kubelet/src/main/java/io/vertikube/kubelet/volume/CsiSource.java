package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import java.util.Map;
import java.util.Optional;

/** What the cluster says about drivers and attachments. Safe for any thread. */
public interface CsiSource {

    Optional<CSIDriver> driver(String name);

    Optional<VolumeAttachment> attachment(String name);

    /** A Secret's values by key; a {@link VolumeFailure} where there is no such Secret. */
    Map<String, String> secret(String namespace, String name);
}
