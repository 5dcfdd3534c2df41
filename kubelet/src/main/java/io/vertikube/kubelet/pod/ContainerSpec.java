package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.object.Json;
import io.vertikube.value.PodContainers;
import io.vertikube.value.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One container of a pod's spec and the part it plays. Immutable (the API object is shared and never changed).
 *
 * @param target for an ephemeral container, the container whose processes it sees; else empty
 */
public record ContainerSpec(Kind kind, Container container, String target) {

    /** The part a container plays in its pod. */
    public enum Kind {
        INIT,
        /** An init container with restartPolicy Always. */
        SIDECAR,
        APP,
        EPHEMERAL
    }

    private static final int HASH_LENGTH = 16;

    /** All containers in the order in which they start. */
    public static List<ContainerSpec> of(Pod pod) {
        List<ContainerSpec> result = new ArrayList<>();
        for (Container init : PodContainers.init(pod.getSpec())) {
            result.add(new ContainerSpec(PodContainers.isSidecar(init) ? Kind.SIDECAR : Kind.INIT, init, ""));
        }
        for (Container app : pod.getSpec().getContainers()) {
            result.add(new ContainerSpec(Kind.APP, app, ""));
        }
        for (EphemeralContainer debug :
                Optional.ofNullable(pod.getSpec().getEphemeralContainers()).orElse(List.of())) {
            Container same = Json.fromTree(Json.tree(Json.bytes(debug)), Container.class);
            String target = debug.getTargetContainerName();
            result.add(new ContainerSpec(Kind.EPHEMERAL, same, target == null ? "" : target));
        }
        return result;
    }

    public static Optional<ContainerSpec> find(Pod pod, String name) {
        return of(pod).stream().filter(spec -> spec.name().equals(name)).findFirst();
    }

    public String name() {
        return container.getName();
    }

    /** As events name it. */
    public String fieldPath() {
        return switch (kind) {
            case INIT, SIDECAR -> "spec.initContainers{" + name() + "}";
            case APP -> "spec.containers{" + name() + "}";
            case EPHEMERAL -> "spec.ephemeralContainers{" + name() + "}";
        };
    }

    /** Changes when the container must be made anew: only its image can change in a running pod. */
    public String hash() {
        return Sha256.hex(name() + "\0" + container.getImage()).substring(0, HASH_LENGTH);
    }

    /** Whether one that ended with this code is started again. */
    public boolean restartsAfter(String podRestartPolicy, int exitCode) {
        return switch (kind) {
            case SIDECAR -> true;
            case EPHEMERAL -> false;
            case INIT -> exitCode != 0 && RestartRules.restarts(container, podRestartPolicy, exitCode);
            case APP -> RestartRules.restarts(container, podRestartPolicy, exitCode);
        };
    }
}
