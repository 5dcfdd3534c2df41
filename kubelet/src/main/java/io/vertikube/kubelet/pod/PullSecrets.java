package io.vertikube.kubelet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.vertikube.kubelet.env.ConfigSource;
import io.vertikube.kubelet.images.ImageName;
import io.vertikube.kubelet.images.SecretUse;
import io.vertikube.kubelet.runtime.RegistryCredentials;
import io.vertikube.object.Json;
import io.vertikube.value.Sha256;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Finds the credentials for an image among a pod's imagePullSecrets ("Interpretation of config.json" in the documentation). Pure
 * functions over a source.
 */
final class PullSecrets {

    private PullSecrets() {}

    /** Immutable. */
    record Found(RegistryCredentials credentials, SecretUse use) {}

    /** In the order in which the pod names them, of each the most specific entry first. */
    static List<Found> find(Pod pod, String image, ConfigSource source) {
        String repository = ImageName.repository(image);
        List<Found> all = new ArrayList<>();
        for (LocalObjectReference reference :
                Objects.requireNonNullElse(pod.getSpec().getImagePullSecrets(), List.<LocalObjectReference>of())) {
            source.secret(pod.getMetadata().getNamespace(), reference.getName())
                    .ifPresent(secret -> all.addAll(inSecret(secret, repository)));
        }
        return all;
    }

    private static List<Found> inSecret(Secret secret, String repository) {
        return entries(secret).entrySet().stream()
                .filter(entry -> RegistryPattern.of(entry.getKey()).matches(repository))
                .map(entry -> found(secret, entry.getValue()))
                .toList();
    }

    /** By their key, the longest first. */
    private static Map<String, JsonNode> entries(Secret secret) {
        Map<String, JsonNode> result = new TreeMap<>(
                Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        Map<String, String> data = Objects.requireNonNullElse(secret.getData(), Map.of());
        String json = data.get(".dockerconfigjson");
        String legacy = data.get(".dockercfg");
        try {
            JsonNode all = Json.mapper().missingNode();
            if (json != null) {
                all = Json.tree(Base64.getDecoder().decode(json)).path("auths");
            } else if (legacy != null) {
                all = Json.tree(Base64.getDecoder().decode(legacy));
            }
            all.properties().forEach(entry -> result.put(entry.getKey(), entry.getValue()));
        } catch (UncheckedIOException | IllegalArgumentException e) {
            return Map.of();
        }
        return result;
    }

    /** They name no server: they are for the image's own, and runtimes cannot read an address with a port there. */
    private static Found found(Secret secret, JsonNode entry) {
        String user = entry.path("username").asText("");
        String password = entry.path("password").asText("");
        String auth = entry.path("auth").asText("");
        if (user.isEmpty() && !auth.isEmpty()) {
            String decoded = decode(auth);
            int colon = decoded.indexOf(':');
            if (colon > 0) {
                user = decoded.substring(0, colon);
                password = decoded.substring(colon + 1);
            }
        }
        String token = entry.path("identitytoken").asText("");
        var use = new SecretUse(
                Objects.requireNonNullElse(secret.getMetadata().getUid(), ""),
                Objects.requireNonNullElse(secret.getMetadata().getNamespace(), ""),
                secret.getMetadata().getName(),
                Sha256.hex(user + "\0" + password + "\0" + token));
        return new Found(new RegistryCredentials(user, password, token, ""), use);
    }

    private static String decode(String auth) {
        try {
            return new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
