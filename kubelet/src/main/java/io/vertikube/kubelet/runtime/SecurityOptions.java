package io.vertikube.kubelet.runtime;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a container may do. Immutable.
 *
 * @param selinux its label, as far as somebody has chosen it
 * @param appArmor profile to confine it by, which has the same three kinds as seccomp's; empty where nobody has chosen
 */
public record SecurityOptions(
        boolean privileged,
        boolean readOnlyRootFilesystem,
        boolean noNewPrivileges,
        List<String> addCapabilities,
        List<String> dropCapabilities,
        OptionalLong runAsUser,
        OptionalLong runAsGroup,
        List<Long> supplementalGroups,
        boolean strictSupplementalGroups,
        SeccompProfile seccomp,
        List<String> maskedPaths,
        List<String> readOnlyPaths,
        NamespaceSharing namespaces,
        Optional<SelinuxOptions> selinux,
        Optional<SeccompProfile> appArmor) {

    public SecurityOptions {
        addCapabilities = List.copyOf(addCapabilities);
        dropCapabilities = List.copyOf(dropCapabilities);
        supplementalGroups = List.copyOf(supplementalGroups);
        maskedPaths = List.copyOf(maskedPaths);
        readOnlyPaths = List.copyOf(readOnlyPaths);
    }
}
