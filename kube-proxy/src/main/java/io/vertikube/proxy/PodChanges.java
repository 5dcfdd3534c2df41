package io.vertikube.proxy;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells which changes of pods matter to the rules: only pods with host ports, and of those only a few fields. */
final class PodChanges {

    private PodChanges() {}

    static boolean touchRules(@Nullable Pod before, @Nullable Pod after) {
        Pod any = after == null ? before : after;
        if (any == null || !hasHostPort(any)) {
            return false;
        }
        return before == null
                || after == null
                || !Objects.equals(address(before), address(after))
                || !Objects.equals(phase(before), phase(after))
                || (before.getMetadata().getDeletionTimestamp() == null)
                        != (after.getMetadata().getDeletionTimestamp() == null);
    }

    private static boolean hasHostPort(Pod pod) {
        return Stream.concat(pod.getSpec().getContainers().stream(), pod.getSpec().getInitContainers().stream())
                .flatMap(container -> container.getPorts().stream())
                .anyMatch(port -> port.getHostPort() != null && port.getHostPort() > 0);
    }

    private static @Nullable String address(Pod pod) {
        return pod.getStatus() == null ? null : pod.getStatus().getPodIP();
    }

    private static @Nullable String phase(Pod pod) {
        return pod.getStatus() == null ? null : pod.getStatus().getPhase();
    }
}
