package io.vertikube.controller.configrollout;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.vertikube.controller.workload.Fields;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A ConfigMap or Secret of the workload's namespace. Immutable.
 *
 * @param kind {@code configmap} or {@code secret}
 */
record ConfigReference(String kind, String name) implements Comparable<ConfigReference> {
    static final String CONFIG_MAP = "configmap";
    static final String SECRET = "secret";

    private static final Comparator<ConfigReference> ORDER =
            Comparator.comparing(ConfigReference::kind).thenComparing(ConfigReference::name);

    /** What the pods of a template mount and read; the value says whether they need it. */
    static Map<ConfigReference, Boolean> of(PodTemplateSpec template) {
        var found = new TreeMap<ConfigReference, Boolean>();
        if (template.getSpec() != null) {
            Fields.list(template.getSpec().getVolumes()).forEach(volume -> volume(found, volume));
            Stream.concat(
                            Fields.list(template.getSpec().getInitContainers()).stream(),
                            Fields.list(template.getSpec().getContainers()).stream())
                    .forEach(container -> container(found, container));
        }
        return found;
    }

    private static void volume(Map<ConfigReference, Boolean> found, Volume volume) {
        if (volume.getConfigMap() != null) {
            add(
                    found,
                    CONFIG_MAP,
                    volume.getConfigMap().getName(),
                    volume.getConfigMap().getOptional());
        }
        if (volume.getSecret() != null) {
            add(
                    found,
                    SECRET,
                    volume.getSecret().getSecretName(),
                    volume.getSecret().getOptional());
        }
        if (volume.getProjected() == null) {
            return;
        }
        for (var source : Fields.list(volume.getProjected().getSources())) {
            if (source.getConfigMap() != null) {
                add(
                        found,
                        CONFIG_MAP,
                        source.getConfigMap().getName(),
                        source.getConfigMap().getOptional());
            }
            if (source.getSecret() != null) {
                add(
                        found,
                        SECRET,
                        source.getSecret().getName(),
                        source.getSecret().getOptional());
            }
        }
    }

    private static void container(Map<ConfigReference, Boolean> found, Container container) {
        for (var from : Fields.list(container.getEnvFrom())) {
            if (from.getConfigMapRef() != null) {
                add(
                        found,
                        CONFIG_MAP,
                        from.getConfigMapRef().getName(),
                        from.getConfigMapRef().getOptional());
            }
            if (from.getSecretRef() != null) {
                add(
                        found,
                        SECRET,
                        from.getSecretRef().getName(),
                        from.getSecretRef().getOptional());
            }
        }
        for (var variable : Fields.list(container.getEnv())) {
            var from = variable.getValueFrom();
            if (from != null && from.getConfigMapKeyRef() != null) {
                add(
                        found,
                        CONFIG_MAP,
                        from.getConfigMapKeyRef().getName(),
                        from.getConfigMapKeyRef().getOptional());
            }
            if (from != null && from.getSecretKeyRef() != null) {
                add(
                        found,
                        SECRET,
                        from.getSecretKeyRef().getName(),
                        from.getSecretKeyRef().getOptional());
            }
        }
    }

    private static void add(
            Map<ConfigReference, Boolean> found, String kind, @Nullable String name, @Nullable Boolean optional) {
        if (name != null && !name.isEmpty()) {
            found.merge(new ConfigReference(kind, name), !Fields.flag(optional), Boolean::logicalOr);
        }
    }

    @Override
    public int compareTo(ConfigReference other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return kind + "/" + name;
    }
}
