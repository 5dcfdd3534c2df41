package io.vertikube.kubelet.runtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a pod's sandbox is to be. {@code logDirectory} is absolute, {@code cgroupParent} in cgroupfs style or empty.
 * Immutable.
 */
public record SandboxConfig(
        PodIdentity pod,
        int attempt,
        String hostname,
        String logDirectory,
        Optional<DnsConfig> dns,
        List<PortMapping> ports,
        Map<String, String> labels,
        Map<String, String> annotations,
        String cgroupParent,
        NamespaceSharing namespaces,
        boolean privileged,
        SeccompProfile seccomp,
        Optional<SelinuxOptions> selinux,
        OptionalLong runAsUser,
        OptionalLong runAsGroup,
        List<Long> supplementalGroups,
        Map<String, String> sysctls) {

    public SandboxConfig {
        ports = List.copyOf(ports);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        supplementalGroups = List.copyOf(supplementalGroups);
        sysctls = Map.copyOf(sysctls);
    }
}
