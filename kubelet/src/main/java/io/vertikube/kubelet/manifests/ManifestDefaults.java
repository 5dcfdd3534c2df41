package io.vertikube.kubelet.manifests;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.vertikube.value.PodContainers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the API server would have filled into a pod (API reference, PodSpec), for one it has never seen. Pure functions. */
final class ManifestDefaults {

    private static final int FILE_MODE = 0644;

    private ManifestDefaults() {}

    static void apply(Pod pod) {
        PodSpec spec = pod.getSpec();
        spec.setRestartPolicy(or(spec.getRestartPolicy(), "Always"));
        spec.setDnsPolicy(or(spec.getDnsPolicy(), "ClusterFirst"));
        spec.setSchedulerName(or(spec.getSchedulerName(), "default-scheduler"));
        spec.setTerminationGracePeriodSeconds(or(spec.getTerminationGracePeriodSeconds(), 30L));
        spec.setEnableServiceLinks(or(spec.getEnableServiceLinks(), true));
        spec.setSecurityContext(or(spec.getSecurityContext(), new PodSecurityContext()));
        boolean hostNetwork = Boolean.TRUE.equals(spec.getHostNetwork());
        PodContainers.all(spec).forEach(container -> container(container, hostNetwork));
        list(spec.getVolumes()).forEach(ManifestDefaults::volume);
    }

    private static void container(Container container, boolean hostNetwork) {
        container.setTerminationMessagePath(or(container.getTerminationMessagePath(), "/dev/termination-log"));
        container.setTerminationMessagePolicy(or(container.getTerminationMessagePolicy(), "File"));
        container.setImagePullPolicy(or(container.getImagePullPolicy(), pullPolicy(container.getImage())));
        for (ContainerPort port : list(container.getPorts())) {
            port.setProtocol(or(port.getProtocol(), "TCP"));
            if (hostNetwork && port.getHostPort() == null) {
                port.setHostPort(port.getContainerPort());
            }
        }
        Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                .filter(Objects::nonNull)
                .forEach(ManifestDefaults::probe);
        for (EnvVar variable : list(container.getEnv())) {
            if (variable.getValueFrom() != null && variable.getValueFrom().getFieldRef() != null) {
                var field = variable.getValueFrom().getFieldRef();
                field.setApiVersion(or(field.getApiVersion(), "v1"));
            }
        }
        requestsFromLimits(container);
    }

    private static void probe(Probe probe) {
        probe.setTimeoutSeconds(positive(probe.getTimeoutSeconds(), 1));
        probe.setPeriodSeconds(positive(probe.getPeriodSeconds(), 10));
        probe.setSuccessThreshold(positive(probe.getSuccessThreshold(), 1));
        probe.setFailureThreshold(positive(probe.getFailureThreshold(), 3));
        var http = probe.getHttpGet();
        if (http != null) {
            http.setPath(or(http.getPath(), "/"));
            http.setScheme(or(http.getScheme(), "HTTP"));
        }
    }

    private static void requestsFromLimits(Container container) {
        var resources = container.getResources();
        if (resources == null || resources.getLimits() == null) {
            return;
        }
        Map<String, Quantity> requests =
                new HashMap<>(Objects.requireNonNullElse(resources.getRequests(), Map.<String, Quantity>of()));
        resources.getLimits().forEach(requests::putIfAbsent);
        resources.setRequests(requests);
    }

    private static void volume(Volume volume) {
        if (volume.getHostPath() != null) {
            volume.getHostPath().setType(or(volume.getHostPath().getType(), ""));
        } else if (volume.getDownwardAPI() != null) {
            volume.getDownwardAPI().setDefaultMode(or(volume.getDownwardAPI().getDefaultMode(), FILE_MODE));
        } else if (volume.getProjected() != null) {
            volume.getProjected().setDefaultMode(or(volume.getProjected().getDefaultMode(), FILE_MODE));
        } else if (new VolumeBuilder().withName(volume.getName()).build().equals(volume)) {
            volume.setEmptyDir(new EmptyDirVolumeSource());
        }
    }

    private static String pullPolicy(String image) {
        String last = image.substring(image.lastIndexOf('/') + 1);
        boolean latest = !last.contains("@") && (!last.contains(":") || last.endsWith(":latest"));
        return latest ? "Always" : "IfNotPresent";
    }

    private static int positive(@Nullable Integer value, int otherwise) {
        return value == null || value <= 0 ? otherwise : value;
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    private static <T> List<T> list(@Nullable List<T> list) {
        return list == null ? new ArrayList<>() : list;
    }
}
