package io.vertikube.kubelet.source;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.PodContainers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which ConfigMaps and Secrets a pod refers to. Pure functions. */
final class ConfigReferences {

    /** One of them. Immutable. */
    record Reference(Class<? extends HasMetadata> type, ObjectKey key) {}

    private final String namespace;
    private final Set<Reference> found = new HashSet<>();

    private ConfigReferences(String namespace) {
        this.namespace = namespace;
    }

    static Set<Reference> of(Pod pod) {
        var references = new ConfigReferences(pod.getMetadata().getNamespace());
        var spec = pod.getSpec();
        for (LocalObjectReference pull : orEmpty(spec.getImagePullSecrets())) {
            references.secret(pull.getName());
        }
        PodContainers.all(spec).forEach(references::container);
        orEmpty(spec.getEphemeralContainers())
                .forEach(container ->
                        references.container(Json.fromTree(Json.mapper().valueToTree(container), Container.class)));
        orEmpty(spec.getVolumes()).forEach(references::volume);
        return Set.copyOf(references.found);
    }

    private void container(Container container) {
        for (EnvVar variable : orEmpty(container.getEnv())) {
            var from = variable.getValueFrom();
            if (from != null && from.getConfigMapKeyRef() != null) {
                configMap(from.getConfigMapKeyRef().getName());
            }
            if (from != null && from.getSecretKeyRef() != null) {
                secret(from.getSecretKeyRef().getName());
            }
        }
        for (EnvFromSource from : orEmpty(container.getEnvFrom())) {
            if (from.getConfigMapRef() != null) {
                configMap(from.getConfigMapRef().getName());
            }
            if (from.getSecretRef() != null) {
                secret(from.getSecretRef().getName());
            }
        }
    }

    private void volume(Volume volume) {
        if (volume.getConfigMap() != null) {
            configMap(volume.getConfigMap().getName());
        }
        if (volume.getSecret() != null) {
            secret(volume.getSecret().getSecretName());
        }
        if (volume.getProjected() != null) {
            for (VolumeProjection source : orEmpty(volume.getProjected().getSources())) {
                if (source.getConfigMap() != null) {
                    configMap(source.getConfigMap().getName());
                }
                if (source.getSecret() != null) {
                    secret(source.getSecret().getName());
                }
            }
        }
    }

    private void configMap(@Nullable String name) {
        add(ConfigMap.class, name);
    }

    private void secret(@Nullable String name) {
        add(Secret.class, name);
    }

    private void add(Class<? extends HasMetadata> type, @Nullable String name) {
        if (name != null && !name.isEmpty()) {
            found.add(new Reference(type, new ObjectKey(namespace, name)));
        }
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
