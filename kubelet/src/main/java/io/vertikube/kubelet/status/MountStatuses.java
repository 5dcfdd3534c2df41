package io.vertikube.kubelet.status;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountStatus;
import io.vertikube.kubelet.runtime.Mount;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** What became of a container's mounts (API reference, VolumeMountStatus; KEP-3857). Pure functions. */
final class MountStatuses {

    private static final String ENABLED = "Enabled";
    private static final String DISABLED = "Disabled";

    private MountStatuses() {}

    /**
     * Of every mount that the container asks for.
     *
     * @param made what the runtime has made, empty before it has
     */
    static List<VolumeMountStatus> of(Container container, Collection<Mount> made) {
        return Objects.requireNonNullElse(container.getVolumeMounts(), List.<VolumeMount>of()).stream()
                .map(mount -> status(mount, made))
                .toList();
    }

    private static VolumeMountStatus status(VolumeMount mount, Collection<Mount> made) {
        var status = new VolumeMountStatus();
        status.setName(mount.getName());
        status.setMountPath(mount.getMountPath());
        if (Boolean.TRUE.equals(mount.getReadOnly())) {
            status.setReadOnly(true);
            status.setRecursiveReadOnly(isRecursive(mount, made) ? ENABLED : DISABLED);
        }
        return status;
    }

    private static boolean isRecursive(VolumeMount mount, Collection<Mount> made) {
        return switch (Objects.requireNonNullElse(mount.getRecursiveReadOnly(), DISABLED)) {
            case ENABLED -> true;
            case "IfPossible" ->
                made.stream()
                        .anyMatch(each ->
                                each.recursiveReadOnly() && each.containerPath().equals(mount.getMountPath()));
            default -> false;
        };
    }
}
