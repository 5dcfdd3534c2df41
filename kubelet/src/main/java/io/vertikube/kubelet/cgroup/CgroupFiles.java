package io.vertikube.kubelet.cgroup;

import io.vertikube.kubelet.runtime.LinuxResources;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Cgroups as folders: on v1 in every hierarchy, on v2 in the one there is. Paths are below the mount, without a slash before
 * them. What the kernel has no file for is left out. Safe for any thread.
 */
final class CgroupFiles {

    private static final long V2_MAX_WEIGHT = 10_000;
    private static final long SHARES = 262_142;

    private final Path mount;

    CgroupFiles(Path mount) {
        this.mount = mount;
    }

    boolean isV2() {
        return Files.exists(mount.resolve("cgroup.controllers"));
    }

    /** Whether the kernel limits a cgroup's swap by itself: the first cgroup has no limits, those in it do. */
    boolean limitsSwap() throws IOException {
        if (!isV2()) {
            return false;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(mount, Files::isDirectory)) {
            for (Path folder : folders) {
                if (Files.exists(folder.resolve("memory.swap.max"))) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean isThere(String path) throws IOException {
        for (Path hierarchy : hierarchies()) {
            if (Files.isDirectory(hierarchy.resolve(path))) {
                return true;
            }
        }
        return false;
    }

    /** Makes a cgroup and those above it and sets its limits; zero or less sets none, one that is there gets them. */
    void make(String path, LinuxResources limits, long memoryMin, long pids) throws IOException {
        if (isV2()) {
            makeV2(path, limits, memoryMin);
        } else {
            makeV1(path, limits);
        }
        if (pids > 0) {
            set(folder("pids", path), "pids.max", pids);
        }
    }

    /** Removes a cgroup and those below it; one that still holds processes stays and is told. */
    void remove(String path) throws IOException {
        for (Path hierarchy : hierarchies()) {
            removeTree(hierarchy.resolve(path));
        }
    }

    /** Names of the cgroups below one that begin so, in any hierarchy. */
    List<String> below(String parent, String prefix) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path hierarchy : hierarchies()) {
            Path folder = hierarchy.resolve(parent);
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> children = Files.newDirectoryStream(folder, prefix + "*")) {
                    children.forEach(child -> found.add(child.getFileName().toString()));
                }
            }
        }
        return found.stream().distinct().toList();
    }

    /** CPU shares that cgroups below one have together, those whose name begins so, without the one that is named. */
    long sharesBelow(String parent, String prefix, String without) throws IOException {
        Path folder = folder("cpu", parent);
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        long sum = 0;
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder, prefix + "*")) {
            for (Path child : children) {
                sum += child.endsWith(without) ? 0 : shares(child);
            }
        }
        return sum;
    }

    private long shares(Path folder) {
        try {
            long figure = Long.parseLong(Files.readString(folder.resolve(isV2() ? "cpu.weight" : "cpu.shares"))
                    .strip());
            return isV2() ? sharesOf(figure) : figure;
        } catch (IOException | NumberFormatException e) {
            // Gone meanwhile, or a kernel without this controller.
            return 0;
        }
    }

    void setShares(String path, long shares) throws IOException {
        set(folder("cpu", path), isV2() ? "cpu.weight" : "cpu.shares", isV2() ? weight(shares) : shares);
    }

    /** A limit of large pages, whose size is named as the kernel does. */
    void limitPages(String path, String size, long bytes) throws IOException {
        set(folder("hugetlb", path), "hugetlb." + size + (isV2() ? ".max" : ".limit_in_bytes"), bytes);
    }

    /** CPU shares of cgroup v1 as a weight of v2: 2 to 262144 become 1 to 10000. */
    static long weight(long shares) {
        return Math.clamp(1 + (shares - 2) * (V2_MAX_WEIGHT - 1) / SHARES, 1, V2_MAX_WEIGHT);
    }

    private static long sharesOf(long weight) {
        return 2 + (weight - 1) * SHARES / (V2_MAX_WEIGHT - 1);
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

    private Path folder(String controller, String path) {
        return isV2() ? mount.resolve(path) : mount.resolve(controller).resolve(path);
    }

    private void makeV1(String path, LinuxResources limits) throws IOException {
        for (Path hierarchy : hierarchies()) {
            Files.createDirectories(hierarchy.resolve(path));
        }
        inheritCpuset(path);
        set(folder("cpu", path), "cpu.shares", limits.cpuShares());
        if (limits.cpuQuota() > 0) {
            set(folder("cpu", path), "cpu.cfs_period_us", limits.cpuPeriod());
            set(folder("cpu", path), "cpu.cfs_quota_us", limits.cpuQuota());
        }
        if (limits.memoryLimitBytes() > 0) {
            set(folder("memory", path), "memory.limit_in_bytes", limits.memoryLimitBytes());
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

    private void makeV2(String path, LinuxResources limits, long memoryMin) throws IOException {
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
        if (removedAlone(folder)) {
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

    /** A cgroup without others in it goes at once, whatever files it shows; so nobody need look at them. */
    private static boolean removedAlone(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
            return true;
        } catch (FileSystemException e) {
            return false;
        }
    }
}
