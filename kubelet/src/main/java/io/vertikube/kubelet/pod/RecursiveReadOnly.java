package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.VolumeMount;
import io.vertikube.kubelet.env.ConfigProblem;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Whether what is mounted below a read-only mount is read-only too (API reference, VolumeMount {@code recursiveReadOnly},
 * KEP-3857). Pure functions.
 */
final class RecursiveReadOnly {

    private RecursiveReadOnly() {}

    /** {@code supported} is asked only where the mount depends on it; what cannot be is a {@link ConfigProblem}. */
    static boolean of(VolumeMount mount, BooleanSupplier supported) {
        String mode = Objects.requireNonNullElse(mount.getRecursiveReadOnly(), "Disabled");
        if (mode.equals("Disabled")) {
            return false;
        }
        String propagation = Objects.requireNonNullElse(mount.getMountPropagation(), "None");
        if (!Boolean.TRUE.equals(mount.getReadOnly())) {
            throw problem(mount, "but it is not read-only");
        }
        if (!propagation.equals("None")) {
            throw problem(mount, "but it is not compatible with propagation \"" + propagation + "\"");
        }
        boolean can = supported.getAsBoolean();
        return switch (mode) {
            case "IfPossible" -> can;
            case "Enabled" -> {
                if (!can) {
                    throw problem(mount, "but it is not supported by the runtime");
                }
                yield true;
            }
            default ->
                throw new ConfigProblem(
                        "failed to resolve recursive read-only mode: unknown recursive read-only mode \"" + mode
                                + "\"");
        };
    }

    private static ConfigProblem problem(VolumeMount mount, String why) {
        return new ConfigProblem("failed to resolve recursive read-only mode: volume \"" + mount.getName()
                + "\" requested recursive read-only mode, " + why);
    }
}
