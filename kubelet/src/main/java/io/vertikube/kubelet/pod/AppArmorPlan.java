package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.runtime.SeccompProfile;
import io.vertikube.kubelet.status.PodStatusPlan;
import io.vertikube.value.PodContainers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which AppArmor profile a container is confined by: its own, its pod's, or that of the annotation that came before the
 * fields ("Restrict a Container's Access to Resources with AppArmor" in the documentation). Pure functions.
 */
public final class AppArmorPlan {

    private static final String ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";
    private static final Path ENABLED = Path.of("/sys/module/apparmor/parameters/enabled");

    private AppArmorPlan() {}

    /** Empty where nobody has chosen: the runtime then does as it always does. */
    static Optional<SeccompProfile> of(Pod pod, Container container) {
        var own = container.getSecurityContext();
        if (own != null && own.getAppArmorProfile() != null) {
            return profile(own.getAppArmorProfile());
        }
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String old = annotations == null ? null : annotations.get(ANNOTATION + container.getName());
        if (old != null) {
            return annotated(old);
        }
        var context = pod.getSpec().getSecurityContext();
        return context == null ? Optional.empty() : profile(context.getAppArmorProfile());
    }

    /** Why a node without AppArmor does not take a pod that asks for a profile; empty when it does. */
    public static Optional<PodStatusPlan.PodEnd> refuse(Pod pod, boolean enabled) {
        boolean asked = PodContainers.all(pod.getSpec()).stream()
                .flatMap(container -> of(pod, container).stream())
                .anyMatch(profile -> profile.type() != SeccompProfile.Type.UNCONFINED);
        return asked && !enabled
                ? Optional.of(new PodStatusPlan.PodEnd(
                        "AppArmor", "Pod was rejected: Cannot enforce AppArmor: AppArmor is not enabled on the host"))
                : Optional.empty();
    }

    /** Whether this machine's kernel enforces profiles. */
    public static boolean isEnabled() {
        try {
            return Files.isReadable(ENABLED) && Files.readString(ENABLED).startsWith("Y");
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<SeccompProfile> profile(@Nullable AppArmorProfile profile) {
        if (profile == null || profile.getType() == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (profile.getType()) {
                    case "RuntimeDefault" -> SeccompProfile.RUNTIME_DEFAULT;
                    case "Localhost" ->
                        new SeccompProfile(
                                SeccompProfile.Type.LOCALHOST,
                                Objects.requireNonNullElse(profile.getLocalhostProfile(), ""));
                    default -> SeccompProfile.UNCONFINED;
                });
    }

    private static Optional<SeccompProfile> annotated(String value) {
        if (value.startsWith("localhost/")) {
            return Optional.of(
                    new SeccompProfile(SeccompProfile.Type.LOCALHOST, value.substring("localhost/".length())));
        }
        return switch (value) {
            case "runtime/default" -> Optional.of(SeccompProfile.RUNTIME_DEFAULT);
            case "unconfined" -> Optional.of(SeccompProfile.UNCONFINED);
            default -> Optional.empty();
        };
    }
}
