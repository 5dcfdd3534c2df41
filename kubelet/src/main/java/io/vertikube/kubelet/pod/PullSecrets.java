package io.vertikube.kubelet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.vertikube.kubelet.env.ConfigSource;
import io.vertikube.kubelet.runtime.RegistryCredentials;
import io.vertikube.object.Json;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Finds the credentials for an image among a pod's imagePullSecrets. Pure functions over a source. */
final class PullSecrets {

    private PullSecrets() {}

    /** In the order in which the pod names them. */
    static List<RegistryCredentials> find(Pod pod, String image, ConfigSource source) {
        String registry = registryOf(image);
        List<RegistryCredentials> all = new ArrayList<>();
        for (LocalObjectReference reference :
                Objects.requireNonNullElse(pod.getSpec().getImagePullSecrets(), List.<LocalObjectReference>of())) {
            Optional<RegistryCredentials> found = source.secret(
                            pod.getMetadata().getNamespace(), reference.getName())
                    .flatMap(secret -> inSecret(secret, registry));
            found.ifPresent(all::add);
        }
        return all;
    }

    /** The registry a reference names; {@code docker.io} if it names none. */
    static String registryOf(String image) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        return first.contains(".") || first.contains(":") || first.equals("localhost") ? first : "docker.io";
    }

    private static Optional<RegistryCredentials> inSecret(Secret secret, String registry) {
        if (secret.getData() == null) {
            return Optional.empty();
        }
        String json = secret.getData().get(".dockerconfigjson");
        String legacy = secret.getData().get(".dockercfg");
        try {
            JsonNode entries;
            if (json != null) {
                entries = Json.tree(Base64.getDecoder().decode(json)).path("auths");
            } else if (legacy != null) {
                entries = Json.tree(Base64.getDecoder().decode(legacy));
            } else {
                return Optional.empty();
            }
            return entries.properties().stream()
                    .filter(entry -> matches(entry.getKey(), registry))
                    .findFirst()
                    .map(entry -> credentials(entry.getValue()));
        } catch (UncheckedIOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean matches(String key, String registry) {
        String host = key.replaceFirst("^https?://", "").split("/", 2)[0];
        return host.equals(registry)
                || (registry.equals("docker.io") && (host.equals("index.docker.io") || host.equals("docker.io")));
    }

    /** They name no server: they are for the image's own, and runtimes cannot read an address with a port there. */
    private static RegistryCredentials credentials(JsonNode entry) {
        String user = entry.path("username").asText("");
        String password = entry.path("password").asText("");
        String auth = entry.path("auth").asText("");
        if (user.isEmpty() && !auth.isEmpty()) {
            String decoded = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
            int colon = decoded.indexOf(':');
            if (colon > 0) {
                user = decoded.substring(0, colon);
                password = decoded.substring(colon + 1);
            }
        }
        return new RegistryCredentials(
                user, password, entry.path("identitytoken").asText(""), "");
    }
}
