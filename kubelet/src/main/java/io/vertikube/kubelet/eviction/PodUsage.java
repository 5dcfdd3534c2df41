package io.vertikube.kubelet.eviction;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.vertikube.kubelet.cgroup.CgroupUsage;
import io.vertikube.kubelet.cgroup.PodCgroups;
import io.vertikube.kubelet.cgroup.PodResources;
import io.vertikube.kubelet.kernel.FolderUse;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.volume.EmptyDirMedium;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Counts what pods use: memory and writable layers from the runtime, processes from cgroups, logs and emptyDirs file by
 * file. Blocks; safe for any thread.
 */
public final class PodUsage {

    private final ContainerRuntime runtime;
    private final PodCgroups cgroups;
    private final CgroupUsage files = new CgroupUsage();
    private final Path podsDir;
    private final Path logsDir;

    public PodUsage(ContainerRuntime runtime, PodCgroups cgroups, Path podsDir, Path logsDir) {
        this.runtime = runtime;
        this.cgroups = cgroups;
        this.podsDir = podsDir;
        this.logsDir = logsDir;
    }

    List<PodUse> of(List<Pod> pods) throws IOException {
        Map<String, List<ContainerUsage>> byPod = new HashMap<>();
        for (ContainerUsage usage : runtime.usage()) {
            byPod.computeIfAbsent(usage.labels().getOrDefault(Labels.POD_UID, ""), uid -> new ArrayList<>())
                    .add(usage);
        }
        List<PodUse> result = new ArrayList<>();
        for (Pod pod : pods) {
            result.add(of(pod, byPod.getOrDefault(pod.getMetadata().getUid(), List.of())));
        }
        return result;
    }

    private PodUse of(Pod pod, List<ContainerUsage> usages) throws IOException {
        String uid = pod.getMetadata().getUid();
        String parent = cgroups.parentOf(uid, PodResources.qosClass(pod));
        Path logs = logsDir.resolve(
                pod.getMetadata().getNamespace() + "_" + pod.getMetadata().getName() + "_" + uid);
        Map<String, PodUse.ContainerUse> containers = new HashMap<>();
        for (ContainerUsage usage : usages) {
            String cgroup = parent.isEmpty() ? "" : parent + "/" + usage.containerId();
            long memory = usage.workingSetBytes() > 0 || cgroup.isEmpty()
                    ? usage.workingSetBytes()
                    : files.workingSetBytes(cgroup).orElse(0);
            FolderUse written = FolderUse.of(logs.resolve(usage.name()));
            containers.put(
                    usage.name(),
                    new PodUse.ContainerUse(
                            memory,
                            usage.writableLayerBytes() + written.bytes(),
                            usage.writableLayerInodes() + written.inodes(),
                            cgroup.isEmpty() ? 0 : files.processes(cgroup).orElse(0)));
        }
        Map<String, Long> volumes = new HashMap<>();
        long inodes = 0;
        for (Volume volume : Objects.requireNonNullElse(pod.getSpec().getVolumes(), List.<Volume>of())) {
            if (volume.getEmptyDir() != null && EmptyDirMedium.onDisk(volume.getEmptyDir())) {
                FolderUse use = FolderUse.of(podsDir.resolve(uid)
                        .resolve("volumes")
                        .resolve("kubernetes.io~empty-dir")
                        .resolve(volume.getName()));
                volumes.put(volume.getName(), use.bytes());
                inodes += use.inodes();
            }
        }
        return new PodUse(pod, containers, volumes, inodes);
    }
}
