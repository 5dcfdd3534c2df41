package io.vertikube.kubelet.source;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.vertikube.client.ApiClient;
import io.vertikube.kubelet.volume.ClaimSource;
import java.util.Optional;

/** Claims and volumes straight from the API. Safe for any thread; blocks. */
public final class ApiClaimSource implements ClaimSource {

    private final ApiClient client;

    public ApiClaimSource(ApiClient client) {
        this.client = client;
    }

    @Override
    public Optional<PersistentVolumeClaim> claim(String namespace, String name) {
        return client.of(PersistentVolumeClaim.class).find(namespace, name);
    }

    @Override
    public Optional<PersistentVolume> volume(String name) {
        return client.of(PersistentVolume.class).find("", name);
    }
}
