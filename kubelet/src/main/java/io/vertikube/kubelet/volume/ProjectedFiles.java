package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapProjection;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.vertikube.kubelet.env.ConfigProblem;
import io.vertikube.kubelet.env.ConfigSource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Collects the files of a projected volume from its sources. Safe for any thread. */
final class ProjectedFiles {

    private static final long TOKEN_SECONDS = 3600;

    private final ConfigSource configs;
    private final TokenSource tokens;

    ProjectedFiles(ConfigSource configs, TokenSource tokens) {
        this.configs = configs;
        this.tokens = tokens;
    }

    /** All files by relative path; what is missing and not optional is a {@link VolumeFailure}. */
    Map<String, FileBody> of(VolumeContext context, List<VolumeProjection> sources, int defaultMode) {
        Map<String, FileBody> files = new TreeMap<>();
        for (VolumeProjection source : sources) {
            if (source.getConfigMap() != null) {
                configMap(files, context, source.getConfigMap(), defaultMode);
            } else if (source.getSecret() != null) {
                secret(files, context, source.getSecret(), defaultMode);
            } else if (source.getDownwardAPI() != null) {
                for (DownwardAPIVolumeFile file :
                        Optional.ofNullable(source.getDownwardAPI().getItems()).orElse(List.of())) {
                    downward(files, context, file, defaultMode);
                }
            } else if (source.getServiceAccountToken() != null) {
                token(files, context, source.getServiceAccountToken(), defaultMode);
            } else {
                throw new VolumeFailure("a projected source is of a kind that this node does not support");
            }
        }
        return files;
    }

    private void configMap(Map<String, FileBody> files, VolumeContext context, ConfigMapProjection source, int mode) {
        Optional<ConfigMap> found = configs.configMap(context.namespace(), source.getName());
        boolean optional = Boolean.TRUE.equals(source.getOptional());
        if (found.isEmpty() && !optional) {
            throw new VolumeFailure("configmap \"" + source.getName() + "\" not found");
        }
        Map<String, byte[]> payload = new LinkedHashMap<>();
        found.map(ConfigMap::getData)
                .ifPresent(
                        data -> data.forEach((key, value) -> payload.put(key, value.getBytes(StandardCharsets.UTF_8))));
        found.map(ConfigMap::getBinaryData)
                .ifPresent(data -> data.forEach(
                        (key, value) -> payload.put(key, Base64.getDecoder().decode(value))));
        select(files, payload, source.getItems(), optional, mode, "configmap", source.getName());
    }

    private void secret(Map<String, FileBody> files, VolumeContext context, SecretProjection source, int mode) {
        Optional<Secret> found = configs.secret(context.namespace(), source.getName());
        boolean optional = Boolean.TRUE.equals(source.getOptional());
        if (found.isEmpty() && !optional) {
            throw new VolumeFailure("secret \"" + source.getName() + "\" not found");
        }
        Map<String, byte[]> payload = new LinkedHashMap<>();
        found.map(Secret::getData)
                .ifPresent(data -> data.forEach(
                        (key, value) -> payload.put(key, Base64.getDecoder().decode(value))));
        select(files, payload, source.getItems(), optional, mode, "secret", source.getName());
    }

    private static void select(
            Map<String, FileBody> files,
            Map<String, byte[]> payload,
            List<KeyToPath> items,
            boolean optional,
            int mode,
            String kind,
            String name) {
        if (items == null || items.isEmpty()) {
            payload.forEach((key, bytes) -> files.put(key, new FileBody(bytes, mode)));
            return;
        }
        for (KeyToPath item : items) {
            byte[] bytes = payload.get(item.getKey());
            if (bytes != null) {
                files.put(item.getPath(), new FileBody(bytes, item.getMode() == null ? mode : item.getMode()));
            } else if (!optional) {
                throw new VolumeFailure(kind + " \"" + name + "\" references non-existent key: " + item.getKey());
            }
        }
    }

    private static void downward(
            Map<String, FileBody> files, VolumeContext context, DownwardAPIVolumeFile file, int mode) {
        try {
            String value;
            if (file.getFieldRef() != null) {
                value = context.fields().field(context.pod(), file.getFieldRef().getFieldPath());
            } else if (file.getResourceFieldRef() != null) {
                var first = context.pod().getSpec().getContainers().getFirst();
                value = context.fields().resource(context.pod(), first, file.getResourceFieldRef());
            } else {
                throw new VolumeFailure("a downwardAPI item has neither fieldRef nor resourceFieldRef");
            }
            files.put(
                    file.getPath(),
                    new FileBody(
                            value.getBytes(StandardCharsets.UTF_8), file.getMode() == null ? mode : file.getMode()));
        } catch (ConfigProblem e) {
            throw new VolumeFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private void token(
            Map<String, FileBody> files, VolumeContext context, ServiceAccountTokenProjection source, int mode) {
        long seconds = source.getExpirationSeconds() == null ? TOKEN_SECONDS : source.getExpirationSeconds();
        String audience = source.getAudience() == null ? "" : source.getAudience();
        String token = tokens.issue(context.pod(), audience, seconds).token();
        files.put(source.getPath(), new FileBody(token.getBytes(StandardCharsets.UTF_8), mode));
    }
}
