package io.vertikube.kubelet.env;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.FileKeySelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.vertikube.kubelet.runtime.EnvVariable;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container's environment (API reference, Container.env and envFrom): Service variables, then whole ConfigMaps and
 * Secrets, then single variables, later ones winning. Immutable.
 */
public final class ContainerEnvironment {

    private final Map<String, String> values;

    private ContainerEnvironment(Map<String, String> values) {
        this.values = values;
    }

    /** Resolves it; what is missing and not optional is a {@link ConfigProblem}. */
    public static ContainerEnvironment of(
            Pod pod,
            Container container,
            ConfigSource source,
            FieldValues fields,
            VolumeFiles files,
            Map<String, String> services) {
        Map<String, String> values = new LinkedHashMap<>(services);
        String namespace = pod.getMetadata().getNamespace();
        VolumeFiles once = files.readOnce();
        for (EnvFromSource from : Optional.ofNullable(container.getEnvFrom()).orElse(List.of())) {
            String prefix = from.getPrefix() == null ? "" : from.getPrefix();
            whole(namespace, from, source).forEach((key, value) -> values.put(prefix + key, value));
        }
        for (EnvVar variable : Optional.ofNullable(container.getEnv()).orElse(List.of())) {
            EnvVarSource from = variable.getValueFrom();
            if (from != null) {
                single(pod, container, from, source, fields, once)
                        .ifPresent(value -> values.put(variable.getName(), value));
            } else {
                String text = variable.getValue() == null ? "" : variable.getValue();
                values.put(variable.getName(), Expansion.expand(text, values::get));
            }
        }
        return new ContainerEnvironment(values);
    }

    public List<EnvVariable> variables() {
        return values.entrySet().stream()
                .map(entry -> new EnvVariable(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Command lines and subPathExpr with {@code $(NAME)} replaced. */
    public String expand(String text) {
        return Expansion.expand(text, values::get);
    }

    public List<String> expand(List<String> texts) {
        return texts == null ? List.of() : texts.stream().map(this::expand).toList();
    }

    private static Map<String, String> whole(String namespace, EnvFromSource from, ConfigSource source) {
        if (from.getConfigMapRef() != null) {
            String name = from.getConfigMapRef().getName();
            Optional<ConfigMap> found = source.configMap(namespace, name);
            if (found.isEmpty() && !Boolean.TRUE.equals(from.getConfigMapRef().getOptional())) {
                throw new ConfigProblem("configmap \"" + name + "\" not found");
            }
            return found.map(ConfigMap::getData).orElse(Map.of());
        }
        if (from.getSecretRef() != null) {
            String name = from.getSecretRef().getName();
            Optional<Secret> found = source.secret(namespace, name);
            if (found.isEmpty() && !Boolean.TRUE.equals(from.getSecretRef().getOptional())) {
                throw new ConfigProblem("secret \"" + name + "\" not found");
            }
            Map<String, String> decoded = new LinkedHashMap<>();
            found.map(Secret::getData).orElse(Map.of()).forEach((key, value) -> decoded.put(key, decode(value)));
            return decoded;
        }
        return Map.of();
    }

    private static Optional<String> single(
            Pod pod,
            Container container,
            EnvVarSource from,
            ConfigSource source,
            FieldValues fields,
            VolumeFiles files) {
        String namespace = pod.getMetadata().getNamespace();
        if (from.getFieldRef() != null) {
            return Optional.of(fields.field(pod, from.getFieldRef().getFieldPath()));
        }
        if (from.getResourceFieldRef() != null) {
            return Optional.of(fields.resource(pod, container, from.getResourceFieldRef()));
        }
        if (from.getConfigMapKeyRef() != null) {
            var ref = from.getConfigMapKeyRef();
            Optional<ConfigMap> map = source.configMap(namespace, ref.getName());
            Optional<String> value = map.map(ConfigMap::getData).map(data -> data.get(ref.getKey()));
            return required(
                    value, ref.getOptional(), map.isPresent(), "configmap", namespace, ref.getName(), ref.getKey());
        }
        if (from.getSecretKeyRef() != null) {
            var ref = from.getSecretKeyRef();
            Optional<Secret> secret = source.secret(namespace, ref.getName());
            Optional<String> value = secret.map(Secret::getData)
                    .map(data -> data.get(ref.getKey()))
                    .map(ContainerEnvironment::decode);
            return required(
                    value, ref.getOptional(), secret.isPresent(), "secret", namespace, ref.getName(), ref.getKey());
        }
        if (from.getFileKeyRef() != null) {
            return ofFile(from.getFileKeyRef(), files);
        }
        throw new ConfigProblem("an environment variable's source is of no known kind");
    }

    private static Optional<String> ofFile(FileKeySelector ref, VolumeFiles files) {
        String file = "file \"" + ref.getPath() + "\" of volume \"" + ref.getVolumeName() + "\"";
        Optional<String> text = files.read(ref.getVolumeName(), ref.getPath());
        Optional<String> value;
        try {
            value = text.map(EnvFile::parse).map(variables -> variables.get(ref.getKey()));
        } catch (ConfigProblem e) {
            throw new ConfigProblem(file + " is no file of environment variables: " + e.getMessage());
        }
        if (value.isEmpty() && !Boolean.TRUE.equals(ref.getOptional())) {
            throw new ConfigProblem(
                    text.isEmpty() ? file + " not found" : "couldn't find key " + ref.getKey() + " in " + file);
        }
        return value;
    }

    private static Optional<String> required(
            Optional<String> value,
            Boolean optional,
            boolean objectFound,
            String kind,
            String namespace,
            String name,
            String key) {
        if (value.isEmpty() && !Boolean.TRUE.equals(optional)) {
            String word = kind.equals("configmap") ? "ConfigMap" : "Secret";
            throw new ConfigProblem(
                    objectFound
                            ? "couldn't find key " + key + " in " + word + " " + namespace + "/" + name
                            : kind + " \"" + name + "\" not found");
        }
        return value;
    }

    private static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
