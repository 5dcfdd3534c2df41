package io.vertikube.kubelet.stats;

import io.vertikube.kubelet.cgroup.CgroupFigures;
import io.vertikube.kubelet.kernel.FileSystems;
import io.vertikube.kubelet.kernel.FolderUse;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.runtime.PodIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the node, its pods and their containers use, all seen at once. Immutable.
 *
 * @param failed whether the runtime did not answer, so that there are no containers
 */
record Seen(NodeUsage node, List<PodUsage> pods, boolean failed) {

    Seen {
        pods = List.copyOf(pods);
    }

    /**
     * The node's own usage.
     *
     * @param disk the file system of the kubelet's folder
     * @param images the file system of the runtime's images, and what they take of it
     * @param parts what the kubelet, and all pods together, take of it
     */
    record NodeUsage(
            String name,
            Instant at,
            long cpuCoreNanoseconds,
            Machine.Resources resources,
            Optional<FileSystems.Room> disk,
            Optional<Images> images,
            List<NetworkDevice> devices,
            List<Part> parts) {

        NodeUsage {
            devices = List.copyOf(devices);
            parts = List.copyOf(parts);
        }

        long memoryUsed() {
            return resources.memoryBytes() - resources.memoryAvailable();
        }
    }

    /** A file system with images, and the bytes and inodes of them. Immutable. */
    record Images(FileSystems.Room room, long used, long inodesUsed) {}

    /** A part of the machine that is no pod. Immutable. */
    record Part(String name, Instant start, CgroupFigures figures) {}

    /**
     * One pod.
     *
     * @param cgroup where its cgroup is, empty when the runtime decides
     * @param figures what the kernel counts of the whole pod, its sandbox included
     * @param devices its own network's; empty when it is in the machine's
     */
    record PodUsage(
            PodIdentity pod,
            Optional<Instant> start,
            String cgroup,
            CgroupFigures figures,
            List<ContainerSeen> containers,
            List<NetworkDevice> devices,
            List<VolumeFigures> volumes,
            Instant at) {

        PodUsage {
            containers = List.copyOf(containers);
            devices = List.copyOf(devices);
            volumes = List.copyOf(volumes);
        }

        /** Of the whole pod where the kernel says so, else of the containers that run now. */
        long cpuCoreNanoseconds() {
            return figures.cpu().total() >= 0
                    ? figures.cpu().total()
                    : containers.stream()
                            .mapToLong(each -> each.usage().cpuCoreNanoseconds())
                            .sum();
        }

        long workingSetBytes() {
            return figures.memory().workingSet() >= 0
                    ? figures.memory().workingSet()
                    : containers.stream()
                            .mapToLong(each -> each.usage().workingSetBytes())
                            .sum();
        }
    }

    /**
     * One container.
     *
     * @param nanocores billionths of a core that it used of late, -1 before it was seen twice
     * @param figures what the kernel counts of it
     * @param logs what its log files take
     */
    record ContainerSeen(
            ContainerUsage usage,
            Optional<Instant> start,
            String image,
            String cgroup,
            long nanocores,
            CgroupFigures figures,
            FolderUse logs) {}
}
