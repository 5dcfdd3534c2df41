package io.vertikube.kubelet.eviction;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.vertikube.kubelet.volume.EmptyDirMedium;
import io.vertikube.value.Quantities;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Limits on local storage that a pod set itself ("Local ephemeral storage" in the documentation). Pure functions. */
public final class StorageLimits {

    private static final String STORAGE = "ephemeral-storage";

    private StorageLimits() {}

    /** Whether a pod has any such limit, so that its files are worth counting. */
    public static boolean any(Pod pod) {
        return volumes(pod).stream().anyMatch(volume -> sizeLimit(volume).isPresent())
                || pod.getSpec().getContainers().stream().anyMatch(one -> PodUse.limitOf(one, STORAGE) > 0);
    }

    /** Why a pod has to go, in Kubernetes' words; empty while it keeps its limits. */
    public static Optional<String> exceeded(PodUse use) {
        for (Volume volume : volumes(use.pod())) {
            Optional<Quantity> limit = sizeLimit(volume);
            long used = use.volumes().getOrDefault(volume.getName(), 0L);
            if (limit.isPresent() && used > Quantities.value(limit.get().toString())) {
                return Optional.of("Usage of EmptyDir volume \"" + volume.getName() + "\" exceeds the limit \""
                        + limit.get() + "\". ");
            }
        }
        long all = 0;
        for (Container container : use.running()) {
            all += PodUse.limitOf(container, STORAGE);
        }
        if (all > 0 && use.disk() > all) {
            return Optional.of("Pod ephemeral local storage usage exceeds the total limit of containers "
                    + Amount.text(all, true) + ". ");
        }
        for (Container container : use.running()) {
            long limit = PodUse.limitOf(container, STORAGE);
            if (limit > 0 && use.of(container).disk() > limit) {
                return Optional.of("Container " + container.getName() + " exceeded its local ephemeral storage limit \""
                        + Amount.text(limit, true) + "\". ");
            }
        }
        return Optional.empty();
    }

    /** The kernel keeps volumes in memory to their size. */
    private static Optional<Quantity> sizeLimit(Volume volume) {
        var empty = volume.getEmptyDir();
        return empty == null || !EmptyDirMedium.onDisk(empty)
                ? Optional.empty()
                : Optional.ofNullable(empty.getSizeLimit())
                        .filter(limit -> Quantities.parse(limit.toString()).signum() > 0);
    }

    private static List<Volume> volumes(Pod pod) {
        return Objects.requireNonNullElse(pod.getSpec().getVolumes(), List.of());
    }
}
