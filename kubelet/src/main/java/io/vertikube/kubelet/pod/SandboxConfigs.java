package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Sysctl;
import io.vertikube.kubelet.KubeletOptions;
import io.vertikube.kubelet.env.PodDns;
import io.vertikube.kubelet.env.PodNames;
import io.vertikube.kubelet.runtime.IdRange;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.LogFiles;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.PortMapping;
import io.vertikube.kubelet.runtime.SandboxConfig;
import io.vertikube.kubelet.runtime.SeccompProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** A pod's sandbox as the runtime is told of it. Pure functions. */
final class SandboxConfigs {

    private SandboxConfigs() {}

    static PodIdentity identity(Pod pod) {
        return new PodIdentity(
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName(),
                pod.getMetadata().getUid());
    }

    static SandboxConfig of(
            Pod pod,
            int attempt,
            KubeletOptions options,
            NodeFacts facts,
            String cgroupParent,
            Optional<IdRange> users) {
        PodIdentity identity = identity(pod);
        boolean hostNetwork = Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
        Map<String, String> labels = new HashMap<>(orEmpty(pod.getMetadata().getLabels()));
        labels.putAll(Labels.of(identity));
        PodSecurityContext security = pod.getSpec().getSecurityContext();
        return new SandboxConfig(
                identity,
                attempt,
                hostNetwork ? "" : hostname(pod, options.clusterDomain()),
                LogFiles.folder(options.podLogsDir(), identity).toString(),
                Optional.of(PodDns.of(pod, facts.resolver(), options.clusterDns(), options.clusterDomain())),
                ports(pod, hostNetwork),
                labels,
                orEmpty(pod.getMetadata().getAnnotations()),
                cgroupParent,
                SecurityPlan.namespaces(pod, "", users),
                ContainerSpec.of(pod).stream().anyMatch(spec -> SecurityPlan.privileged(spec.container())),
                SeccompProfile.RUNTIME_DEFAULT,
                SecurityPlan.selinux(security, null),
                id(security == null ? null : security.getRunAsUser()),
                id(security == null ? null : security.getRunAsGroup()),
                SecurityPlan.supplementalGroups(pod),
                sysctls(security));
    }

    private static String hostname(Pod pod, String clusterDomain) {
        return Boolean.TRUE.equals(pod.getSpec().getSetHostnameAsFQDN())
                ? PodNames.qualified(pod, clusterDomain).orElse(PodNames.hostname(pod))
                : PodNames.hostname(pod);
    }

    private static OptionalLong id(@org.jspecify.annotations.Nullable Long id) {
        return id == null ? OptionalLong.empty() : OptionalLong.of(id);
    }

    private static Map<String, String> sysctls(@org.jspecify.annotations.Nullable PodSecurityContext security) {
        Map<String, String> result = new HashMap<>();
        if (security != null) {
            for (Sysctl sysctl : Objects.requireNonNullElse(security.getSysctls(), List.<Sysctl>of())) {
                result.put(sysctl.getName(), sysctl.getValue());
            }
        }
        return result;
    }

    private static List<PortMapping> ports(Pod pod, boolean hostNetwork) {
        List<PortMapping> result = new ArrayList<>();
        for (Container container : pod.getSpec().getContainers()) {
            for (ContainerPort port : Objects.requireNonNullElse(container.getPorts(), List.<ContainerPort>of())) {
                int hostPort = hostNetwork || port.getHostPort() == null ? 0 : port.getHostPort();
                result.add(new PortMapping(
                        port.getProtocol() == null ? "TCP" : port.getProtocol(),
                        port.getContainerPort(),
                        hostPort,
                        port.getHostIP() == null ? "" : port.getHostIP()));
            }
        }
        return result;
    }

    private static Map<String, String> orEmpty(@org.jspecify.annotations.Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
