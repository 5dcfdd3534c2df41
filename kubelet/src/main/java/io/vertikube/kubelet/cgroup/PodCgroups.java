package io.vertikube.kubelet.cgroup;

import io.vertikube.kubelet.runtime.LinuxResources;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The cgroups above containers: {@code <root>/kubepods/[burstable|besteffort/]pod<uid>}, on cgroup v1 in every
 * hierarchy, on v2 in the one there is. Without a root nothing is made and the runtime decides. Safe for any thread.
 */
public final class PodCgroups {

    private static final Path MOUNT = Path.of("/sys/fs/cgroup");
    private static final long V2_MAX_WEIGHT = 10_000;

    private final Optional<String> root;
    private final Path mount;

    public PodCgroups(Optional<String> root) {
        this(root, MOUNT);
    }

    PodCgroups(Optional<String> root, Path mount) {
        this.root = root.filter(path -> !path.isBlank());
        this.mount = mount;
    }

    /** The parent to tell the runtime for a pod, in cgroupfs style; empty when the runtime decides. */
    public String parentOf(String uid, String qosClass) {
        return root.map(path -> {
                    String base = path.equals("/") ? "" : path.startsWith("/") ? path : "/" + path;
                    return base + "/kubepods"
                            + (qosClass.equals("Guaranteed") ? "" : "/" + qosClass.toLowerCase(Locale.ROOT)) + "/pod"
                            + uid;
                })
                .orElse("");
    }

    /** Makes a pod's cgroup and sets its limits. */
    public void create(String uid, String qosClass, LinuxResources limits) throws IOException {
        String parent = parentOf(uid, qosClass);
        if (parent.isEmpty()) {
            return;
        }
        if (isV2()) {
            createV2(parent.substring(1), limits);
        } else {
            createV1(parent.substring(1), limits);
        }
    }

    /** Removes the cgroups of a pod, whatever class it had; one that still holds processes stays and is told. */
    public void remove(String uid) throws IOException {
        if (root.isEmpty()) {
            return;
        }
        for (String qos : List.of("Guaranteed", "Burstable", "BestEffort")) {
            for (Path hierarchy : hierarchies()) {
                removeTree(hierarchy.resolve(parentOf(uid, qos).substring(1)));
            }
        }
    }

    /** The uids of pods that have cgroups. */
    public List<String> podUids() throws IOException {
        List<String> found = new ArrayList<>();
        if (root.isEmpty()) {
            return found;
        }
        for (Path hierarchy : hierarchies()) {
            for (String qos : List.of("Guaranteed", "Burstable", "BestEffort")) {
                Path parent = hierarchy.resolve(parentOf("", qos).substring(1)).getParent();
                if (parent != null && Files.isDirectory(parent)) {
                    try (DirectoryStream<Path> pods = Files.newDirectoryStream(parent, "pod*")) {
                        pods.forEach(
                                pod -> found.add(pod.getFileName().toString().substring(3)));
                    }
                }
            }
        }
        return found.stream().distinct().toList();
    }

    private boolean isV2() {
        return Files.exists(mount.resolve("cgroup.controllers"));
    }

    /** On v1 every folder of the mount is a hierarchy; the runtime makes its cgroups in all of them. */
    private List<Path> hierarchies() throws IOException {
        if (isV2()) {
            return List.of(mount);
        }
        List<Path> result = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(mount, Files::isDirectory)) {
            folders.forEach(result::add);
        }
        return result;
    }

    private void createV1(String path, LinuxResources limits) throws IOException {
        for (Path hierarchy : hierarchies()) {
            Files.createDirectories(hierarchy.resolve(path));
        }
        inheritCpuset(path);
        set(mount.resolve("cpu").resolve(path), "cpu.shares", limits.cpuShares());
        if (limits.cpuQuota() > 0) {
            set(mount.resolve("cpu").resolve(path), "cpu.cfs_period_us", limits.cpuPeriod());
            set(mount.resolve("cpu").resolve(path), "cpu.cfs_quota_us", limits.cpuQuota());
        }
        if (limits.memoryLimitBytes() > 0) {
            set(mount.resolve("memory").resolve(path), "memory.limit_in_bytes", limits.memoryLimitBytes());
        }
    }

    /** A cpuset takes no process before it names processors and memory nodes; it starts with its parent's. */
    private void inheritCpuset(String path) throws IOException {
        Path at = mount.resolve("cpuset");
        if (!Files.isDirectory(at)) {
            return;
        }
        for (Path part : Path.of(path)) {
            Path child = at.resolve(part);
            for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
                if (Files.exists(child.resolve(file))
                        && Files.readString(child.resolve(file)).isBlank()) {
                    Files.writeString(child.resolve(file), Files.readString(at.resolve(file)));
                }
            }
            at = child;
        }
    }

    private void createV2(String path, LinuxResources limits) throws IOException {
        Path at = mount;
        for (Path part : Path.of(path)) {
            enableControllers(at);
            at = at.resolve(part);
            Files.createDirectories(at);
        }
        set(
                at,
                "cpu.weight",
                Math.clamp(1 + (limits.cpuShares() - 2) * (V2_MAX_WEIGHT - 1) / 262_142, 1, V2_MAX_WEIGHT));
        if (limits.cpuQuota() > 0) {
            write(at.resolve("cpu.max"), limits.cpuQuota() + " " + limits.cpuPeriod());
        }
        if (limits.memoryLimitBytes() > 0) {
            set(at, "memory.max", limits.memoryLimitBytes());
        }
    }

    private static void enableControllers(Path at) throws IOException {
        String available = Files.readString(at.resolve("cgroup.controllers"));
        for (String controller : List.of("cpu", "cpuset", "memory", "pids")) {
            if (available.contains(controller)) {
                write(at.resolve("cgroup.subtree_control"), "+" + controller);
            }
        }
    }

    private static void set(Path folder, String file, long value) throws IOException {
        write(folder.resolve(file), Long.toString(value));
    }

    private static void write(Path file, String value) throws IOException {
        if (Files.exists(file)) {
            Files.writeString(file, value);
        }
    }

    private static void removeTree(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                if (Files.isDirectory(child)) {
                    removeTree(child);
                }
            }
        }
        Files.delete(folder);
    }
}
