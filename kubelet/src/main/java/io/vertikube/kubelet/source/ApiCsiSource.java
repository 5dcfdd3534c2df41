package io.vertikube.kubelet.source;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import io.vertikube.client.ApiClient;
import io.vertikube.kubelet.volume.CsiSource;
import io.vertikube.kubelet.volume.VolumeFailure;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Drivers, attachments and their secrets straight from the API. Safe for any thread; blocks. */
public final class ApiCsiSource implements CsiSource {

    private final ApiClient client;

    public ApiCsiSource(ApiClient client) {
        this.client = client;
    }

    @Override
    public Optional<CSIDriver> driver(String name) {
        return client.of(CSIDriver.class).find("", name);
    }

    @Override
    public Optional<VolumeAttachment> attachment(String name) {
        return client.of(VolumeAttachment.class).find("", name);
    }

    @Override
    public Map<String, String> secret(String namespace, String name) {
        Secret secret = client.of(Secret.class)
                .find(namespace, name)
                .orElseThrow(() -> new VolumeFailure(
                        "failed to get secret " + namespace + "/" + name + ": secrets \"" + name + "\" not found"));
        Map<String, String> values = new HashMap<>();
        Optional.ofNullable(secret.getData())
                .orElse(Map.of())
                .forEach((key, value) ->
                        values.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        return values;
    }
}
