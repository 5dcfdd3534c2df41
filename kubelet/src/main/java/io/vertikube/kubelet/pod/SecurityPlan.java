package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.vertikube.kubelet.env.ConfigProblem;
import io.vertikube.kubelet.runtime.GuardedPaths;
import io.vertikube.kubelet.runtime.IdRange;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.NamespaceSharing;
import io.vertikube.kubelet.runtime.SeccompProfile;
import io.vertikube.kubelet.runtime.SecurityOptions;
import io.vertikube.kubelet.runtime.SelinuxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a container may do, from its own securityContext over its pod's ("Configure a Security Context for a Pod or
 * Container" in the documentation). Pure functions.
 */
final class SecurityPlan {

    private SecurityPlan() {}

    /**
     * What it may do.
     *
     * @param targetId the container whose processes an ephemeral container sees, or empty
     * @param users ids that the pod's users are, if not the machine's
     * @param seccompDefault whether who chooses no seccomp profile has the runtime's
     */
    static SecurityOptions of(
            Pod pod,
            Container container,
            Image image,
            String targetId,
            Optional<IdRange> users,
            boolean seccompDefault) {
        PodSecurityContext podContext =
                Objects.requireNonNullElseGet(pod.getSpec().getSecurityContext(), PodSecurityContext::new);
        SecurityContext own = Objects.requireNonNullElseGet(container.getSecurityContext(), SecurityContext::new);
        boolean privileged = privileged(container);
        OptionalLong user = first(own.getRunAsUser(), podContext.getRunAsUser());
        OptionalLong group = first(own.getRunAsGroup(), podContext.getRunAsGroup());
        Boolean nonRoot = own.getRunAsNonRoot() != null ? own.getRunAsNonRoot() : podContext.getRunAsNonRoot();
        if (Boolean.TRUE.equals(nonRoot)) {
            checkNonRoot(pod, container, user, image);
        }
        if (group.isPresent() && user.isEmpty()) {
            user = OptionalLong.of(image.uid().orElse(0));
        }
        Capabilities capabilities = own.getCapabilities();
        boolean unmasked = privileged || "Unmasked".equals(own.getProcMount());
        return new SecurityOptions(
                privileged,
                Boolean.TRUE.equals(own.getReadOnlyRootFilesystem()),
                Boolean.FALSE.equals(own.getAllowPrivilegeEscalation()),
                capabilities == null ? List.of() : names(capabilities.getAdd()),
                capabilities == null ? List.of() : names(capabilities.getDrop()),
                user,
                group,
                supplementalGroups(pod),
                "Strict".equals(podContext.getSupplementalGroupsPolicy()),
                privileged ? SeccompProfile.UNCONFINED : seccomp(podContext, own, seccompDefault),
                unmasked ? List.of() : GuardedPaths.MASKED,
                unmasked ? List.of() : GuardedPaths.READ_ONLY,
                namespaces(pod, targetId, users),
                selinux(podContext, own),
                AppArmorPlan.of(pod, container));
    }

    /** The label of a container, or of a sandbox, which has none of its own; what a container chooses replaces its pod's. */
    static Optional<SelinuxOptions> selinux(@Nullable PodSecurityContext pod, @Nullable SecurityContext own) {
        return Optional.ofNullable(own)
                .map(SecurityContext::getSeLinuxOptions)
                .or(() -> Optional.ofNullable(pod).map(PodSecurityContext::getSeLinuxOptions))
                .map(label -> new SelinuxOptions(
                        Objects.requireNonNullElse(label.getUser(), ""),
                        Objects.requireNonNullElse(label.getRole(), ""),
                        Objects.requireNonNullElse(label.getType(), ""),
                        Objects.requireNonNullElse(label.getLevel(), "")));
    }

    static boolean privileged(Container container) {
        SecurityContext own = container.getSecurityContext();
        return own != null && Boolean.TRUE.equals(own.getPrivileged());
    }

    static NamespaceSharing namespaces(Pod pod, String targetId, Optional<IdRange> users) {
        var spec = pod.getSpec();
        NamespaceSharing.Pid pid = Boolean.TRUE.equals(spec.getHostPID())
                ? NamespaceSharing.Pid.NODE
                : Boolean.TRUE.equals(spec.getShareProcessNamespace())
                        ? NamespaceSharing.Pid.POD
                        : targetId.isEmpty() ? NamespaceSharing.Pid.CONTAINER : NamespaceSharing.Pid.TARGET;
        return new NamespaceSharing(
                Boolean.TRUE.equals(spec.getHostNetwork()),
                Boolean.TRUE.equals(spec.getHostIPC()),
                pid,
                targetId,
                users);
    }

    static List<Long> supplementalGroups(Pod pod) {
        PodSecurityContext context = pod.getSpec().getSecurityContext();
        List<Long> groups = new ArrayList<>();
        if (context != null) {
            if (context.getFsGroup() != null) {
                groups.add(context.getFsGroup());
            }
            groups.addAll(Objects.requireNonNullElse(context.getSupplementalGroups(), List.<Long>of()));
        }
        return groups;
    }

    private static void checkNonRoot(Pod pod, Container container, OptionalLong user, Image image) {
        String where = " (pod: \"" + pod.getMetadata().getName() + "_"
                + pod.getMetadata().getNamespace() + "(" + pod.getMetadata().getUid() + ")\", container: "
                + container.getName() + ")";
        if (user.isPresent()) {
            if (user.getAsLong() == 0) {
                throw new ConfigProblem("container's runAsUser breaks non-root policy" + where);
            }
        } else if (!image.username().isEmpty()) {
            throw new ConfigProblem("container has runAsNonRoot and image has non-numeric user (" + image.username()
                    + "), cannot verify user is non-root" + where);
        } else if (image.uid().orElse(0) == 0) {
            throw new ConfigProblem("container has runAsNonRoot and image will run as root" + where);
        }
    }

    static SeccompProfile seccomp(PodSecurityContext pod, SecurityContext own, boolean runtimeDefault) {
        var profile = own.getSeccompProfile() != null ? own.getSeccompProfile() : pod.getSeccompProfile();
        if (profile == null || profile.getType() == null) {
            return runtimeDefault ? SeccompProfile.RUNTIME_DEFAULT : SeccompProfile.UNCONFINED;
        }
        return switch (profile.getType()) {
            case "RuntimeDefault" -> SeccompProfile.RUNTIME_DEFAULT;
            case "Localhost" ->
                new SeccompProfile(
                        SeccompProfile.Type.LOCALHOST,
                        "/var/lib/kubelet/seccomp/" + Objects.requireNonNullElse(profile.getLocalhostProfile(), ""));
            default -> SeccompProfile.UNCONFINED;
        };
    }

    private static List<String> names(@Nullable List<String> capabilities) {
        return capabilities == null
                ? List.of()
                : capabilities.stream()
                        .map(name -> name.startsWith("CAP_") ? name.substring(4) : name)
                        .toList();
    }

    private static OptionalLong first(@Nullable Long own, @Nullable Long pod) {
        Long value = own != null ? own : pod;
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
