package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;

/** Where claims and the volumes bound to them come from. Safe for any thread. */
public interface ClaimSource {

    Optional<PersistentVolumeClaim> claim(String namespace, String name);

    Optional<PersistentVolume> volume(String name);

    /** Notes on a claim that what is mounted has the size of its volume now. */
    void grown(PersistentVolumeClaim claim, Quantity size);
}
