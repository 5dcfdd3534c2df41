package io.vertikube.kubelet.cgroup;

import io.vertikube.kubelet.kernel.MachineCommands;
import io.vertikube.kubelet.runtime.LinuxResources;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cgroups above containers: {@code <root>/kubepods/[burstable|besteffort/]pod<uid>}, on cgroup v1 in every
 * hierarchy, on v2 in the one there is; or slices of systemd. Without a root nothing is made and the runtime decides. Safe for any thread.
 */
public final class PodCgroups {

    private static final Path MOUNT = Path.of("/sys/fs/cgroup");
    private static final long V2_MAX_WEIGHT = 10_000;

    private final Optional<CgroupNames> names;
    private final CgroupOptions options;
    private final Path mount;
    private final SystemdSlices slices;

    public PodCgroups(Optional<String> root) {
        this(root, CgroupOptions.DEFAULT);
    }

    /** An {@link IllegalArgumentException} where the driver is systemd and it does not run. */
    public PodCgroups(Optional<String> root, CgroupOptions options) {
        this(root, options, MOUNT, MachineCommands.INSTALLED);
        if (root.isPresent() && isSystemd()) {
            SystemdSlices.demandSystemd();
        }
    }

    PodCgroups(Optional<String> root, Path mount) {
        this(root, CgroupOptions.DEFAULT, mount, MachineCommands.INSTALLED);
    }

    PodCgroups(Optional<String> root, CgroupOptions options, Path mount, MachineCommands commands) {
        this.names = root.filter(path -> !path.isBlank()).map(path -> new CgroupNames(path, options.driver()));
        this.options = options;
        this.mount = mount;
        this.slices = new SystemdSlices(commands);
    }

    /** The parent to tell the runtime for a pod: a folder, or with systemd a slice; empty when the runtime decides. */
    public String parentOf(String uid, String qosClass) {
        return names.map(all -> "/" + all.pod(uid, qosClass)).orElse("");
    }

    /** The cgroup above all pods; empty when the runtime decides. */
    public String ofAllPods() {
        return names.map(all -> "/" + all.above("Guaranteed")).orElse("");
    }

    /** Makes a pod's cgroup and sets its limits; one that is there gets them. */
    public void create(String uid, String qosClass, LinuxResources limits) throws IOException {
        create(uid, qosClass, limits, PodReserves.NONE);
    }

    /** As {@link #create(String, String, LinuxResources)}, with what is kept for the pod and its limits of large pages. */
    public void create(String uid, String qosClass, LinuxResources limits, PodReserves reserves) throws IOException {
        String parent = parentOf(uid, qosClass);
        if (parent.isEmpty()) {
            return;
        }
        String path = parent.substring(1);
        long memoryMin = options.memoryQos() ? reserves.memoryRequest() : 0;
        if (isSystemd()) {
            slices.start(nameOf(path), limits, options.podPidsLimit(), memoryMin, isV2(), isThere(path));
        } else if (isV2()) {
            createV2(path, limits, memoryMin);
        } else {
            createV1(path, limits);
        }
        limitPages(path, reserves);
    }

    /** Removes the cgroups of a pod, whatever class it had; one that still holds processes stays and is told. */
    public void remove(String uid) throws IOException {
        if (names.isEmpty()) {
            return;
        }
        for (String qos : CgroupNames.CLASSES) {
            String path = names.get().pod(uid, qos);
            if (isSystemd()) {
                if (isThere(path)) {
                    slices.stop(nameOf(path));
                }
            } else {
                for (Path hierarchy : hierarchies()) {
                    removeTree(hierarchy.resolve(path));
                }
            }
        }
    }

    /** The uids of pods that have cgroups. */
    public List<String> podUids() throws IOException {
        List<String> found = new ArrayList<>();
        if (names.isEmpty()) {
            return found;
        }
        for (Path hierarchy : hierarchies()) {
            for (String qos : CgroupNames.CLASSES) {
                Path parent = hierarchy.resolve(names.get().above(qos));
                if (Files.isDirectory(parent)) {
                    try (DirectoryStream<Path> pods =
                            Files.newDirectoryStream(parent, names.get().podPrefix(qos) + "*")) {
                        pods.forEach(pod ->
                                found.add(names.get().uid(pod.getFileName().toString(), qos)));
                    }
                }
            }
        }
        return found.stream().distinct().toList();
    }

    /** CPU shares of cgroup v1 as a weight of v2: 2 to 262144 become 1 to 10000. */
    static long weight(long shares) {
        return Math.clamp(1 + (shares - 2) * (V2_MAX_WEIGHT - 1) / 262_142, 1, V2_MAX_WEIGHT);
    }

    private boolean isSystemd() {
        return options.driver() == CgroupOptions.Driver.SYSTEMD;
    }

    private boolean isThere(String path) throws IOException {
        for (Path hierarchy : hierarchies()) {
            if (Files.isDirectory(hierarchy.resolve(path))) {
                return true;
            }
        }
        return false;
    }

    private static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** What the kernel has no files for, or the machine has no such pages of, is left out. */
    private void limitPages(String path, PodReserves reserves) throws IOException {
        for (Map.Entry<String, Long> pages : reserves.hugepages().entrySet()) {
            if (isV2()) {
                set(mount.resolve(path), "hugetlb." + pages.getKey() + ".max", pages.getValue());
            } else {
                set(
                        mount.resolve("hugetlb").resolve(path),
                        "hugetlb." + pages.getKey() + ".limit_in_bytes",
                        pages.getValue());
            }
        }
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
        if (options.podPidsLimit() > 0) {
            set(mount.resolve("pids").resolve(path), "pids.max", options.podPidsLimit());
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

    private void createV2(String path, LinuxResources limits, long memoryMin) throws IOException {
        Path at = mount;
        for (Path part : Path.of(path)) {
            enableControllers(at);
            at = at.resolve(part);
            Files.createDirectories(at);
        }
        set(at, "cpu.weight", weight(limits.cpuShares()));
        if (limits.cpuQuota() > 0) {
            write(at.resolve("cpu.max"), limits.cpuQuota() + " " + limits.cpuPeriod());
        }
        if (limits.memoryLimitBytes() > 0) {
            set(at, "memory.max", limits.memoryLimitBytes());
        }
        if (memoryMin > 0) {
            set(at, "memory.min", memoryMin);
        }
        if (options.podPidsLimit() > 0) {
            set(at, "pids.max", options.podPidsLimit());
        }
    }

    private static void enableControllers(Path at) throws IOException {
        String available = Files.readString(at.resolve("cgroup.controllers"));
        for (String controller : List.of("cpu", "cpuset", "memory", "pids", "hugetlb")) {
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
