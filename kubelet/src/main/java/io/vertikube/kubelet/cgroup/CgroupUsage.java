package io.vertikube.kubelet.cgroup;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the processes of a cgroup use, from its files on cgroup v1 or v2; for what runtimes do not say. A file that is not
 * there means that it is not known. Paths are as runtimes are told, from the root. Safe for any thread.
 */
public final class CgroupUsage {

    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    /** The kernel counts user and system time of cgroup v1 in hundredths of a second. */
    private static final long NANOS_PER_TICK = 10_000_000;

    /** Without a limit cgroup v1 answers with the largest number of pages that fits. */
    private static final long NO_LIMIT = 1L << 60;

    private static final int DEEPEST = 6;

    private final Path mount;

    public CgroupUsage() {
        this(MOUNT);
    }

    CgroupUsage(Path mount) {
        this.mount = mount;
    }

    /** Everything that is counted. */
    public CgroupFigures of(String path) {
        return path.isEmpty() ? CgroupFigures.NONE : new CgroupFigures(cpu(path), memory(path), tasks(path));
    }

    /** Core-nanoseconds since the cgroup was made. */
    public OptionalLong cpuNanoseconds(String path) {
        if (isV2()) {
            return scaled(fields(folder("", path).resolve("cpu.stat")), "usage_usec", 1000);
        }
        return number(folder("cpuacct", path).resolve("cpuacct.usage"));
    }

    /** Bytes in use without file pages that the kernel would drop first. */
    public OptionalLong workingSetBytes(String path) {
        Path folder = folder("memory", path);
        OptionalLong all = number(folder.resolve(isV2() ? "memory.current" : "memory.usage_in_bytes"));
        if (all.isEmpty()) {
            return all;
        }
        long inactive = fields(folder.resolve("memory.stat"))
                .getOrDefault(isV2() ? "inactive_file" : "total_inactive_file", 0L);
        return OptionalLong.of(Math.max(0, all.getAsLong() - inactive));
    }

    /** Processes and threads in it. */
    public OptionalLong processes(String path) {
        return number(folder("pids", path).resolve("pids.current"));
    }

    /** The cgroup of a container below its pod's: folders carry its id, runtimes of systemd's driver write more around it. */
    public String ofContainer(String parent, String containerId) {
        if (parent.isEmpty()) {
            return "";
        }
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(folder("memory", parent), "*" + containerId + "*")) {
            for (Path each : found) {
                return parent + "/" + each.getFileName();
            }
        } catch (IOException e) {
            return parent + "/" + containerId;
        }
        return parent + "/" + containerId;
    }

    /** The oldest process in it or below it, by number. */
    public Optional<Long> firstProcess(String path) {
        return pids(path).stream().min(Long::compare);
    }

    private CgroupFigures.Cpu cpu(String path) {
        if (isV2()) {
            Map<String, Long> stat = fields(folder("", path).resolve("cpu.stat"));
            return new CgroupFigures.Cpu(
                    or(scaled(stat, "usage_usec", 1000)),
                    or(scaled(stat, "user_usec", 1000)),
                    or(scaled(stat, "system_usec", 1000)),
                    or(scaled(stat, "nr_periods", 1)),
                    or(scaled(stat, "nr_throttled", 1)),
                    or(scaled(stat, "throttled_usec", 1000)));
        }
        Map<String, Long> times = fields(folder("cpuacct", path).resolve("cpuacct.stat"));
        Map<String, Long> stat = fields(folder("cpu", path).resolve("cpu.stat"));
        return new CgroupFigures.Cpu(
                or(cpuNanoseconds(path)),
                or(scaled(times, "user", NANOS_PER_TICK)),
                or(scaled(times, "system", NANOS_PER_TICK)),
                or(scaled(stat, "nr_periods", 1)),
                or(scaled(stat, "nr_throttled", 1)),
                or(scaled(stat, "throttled_time", 1)));
    }

    private CgroupFigures.Memory memory(String path) {
        Path folder = folder("memory", path);
        Map<String, Long> stat = fields(folder.resolve("memory.stat"));
        boolean v2 = isV2();
        OptionalLong limit = number(folder.resolve(v2 ? "memory.max" : "memory.limit_in_bytes"));
        return new CgroupFigures.Memory(
                or(number(folder.resolve(v2 ? "memory.current" : "memory.usage_in_bytes"))),
                or(workingSetBytes(path)),
                or(scaled(stat, v2 ? "anon" : "total_rss", 1)),
                or(scaled(stat, v2 ? "file" : "total_cache", 1)),
                or(v2 ? number(folder.resolve("memory.swap.current")) : scaled(stat, "total_swap", 1)),
                limit.orElse(NO_LIMIT) < NO_LIMIT ? limit.getAsLong() : CgroupFigures.UNKNOWN,
                or(scaled(stat, v2 ? "pgfault" : "total_pgfault", 1)),
                or(scaled(stat, v2 ? "pgmajfault" : "total_pgmajfault", 1)),
                or(scaled(fields(folder.resolve(v2 ? "memory.events" : "memory.oom_control")), "oom_kill", 1)));
    }

    private CgroupFigures.Tasks tasks(String path) {
        return new CgroupFigures.Tasks(
                Files.isDirectory(folder("pids", path)) ? pids(path).size() : CgroupFigures.UNKNOWN,
                or(processes(path)));
    }

    private List<Long> pids(String path) {
        List<Long> result = new ArrayList<>();
        try (Stream<Path> files =
                Files.find(folder("pids", path), DEEPEST, (file, is) -> file.endsWith("cgroup.procs"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.readAllLines(file).forEach(line -> result.add(Long.parseLong(line)));
            }
        } catch (IOException | java.io.UncheckedIOException | NumberFormatException e) {
            // A cgroup may go while it is read: what was seen of it counts.
            return result;
        }
        return result;
    }

    private boolean isV2() {
        return Files.exists(mount.resolve("cgroup.controllers"));
    }

    /** On v1 controllers may share a hierarchy, which then has all their names. */
    private Path folder(String controller, String path) {
        String relative = path.startsWith("/") ? path.substring(1) : path;
        if (isV2()) {
            return mount.resolve(relative);
        }
        Path alone = mount.resolve(controller);
        boolean shared = controller.startsWith("cpu") && !Files.isDirectory(alone);
        return (shared ? mount.resolve("cpu,cpuacct") : alone).resolve(relative);
    }

    private static long or(OptionalLong figure) {
        return CgroupFigures.orUnknown(figure);
    }

    private static OptionalLong scaled(Map<String, Long> fields, String name, long factor) {
        Long value = fields.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value * factor);
    }

    private static OptionalLong number(Path file) {
        try {
            return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static Map<String, Long> fields(Path file) {
        Map<String, Long> result = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    result.put(
                            line.substring(0, space),
                            Long.parseLong(line.substring(space + 1).strip()));
                }
            }
        } catch (IOException | NumberFormatException e) {
            return result;
        }
        return result;
    }
}
