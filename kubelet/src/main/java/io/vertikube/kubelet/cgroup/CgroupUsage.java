package io.vertikube.kubelet.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the processes of a cgroup use, from its files on cgroup v1 or v2; for runtimes that do not say. A file that is not
 * there means that it is not known. Safe for any thread.
 */
public final class CgroupUsage {

    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    private final Path mount;

    public CgroupUsage() {
        this(MOUNT);
    }

    CgroupUsage(Path mount) {
        this.mount = mount;
    }

    /** Core-nanoseconds since the cgroup was made; {@code path} is as runtimes are told, from the root. */
    public OptionalLong cpuNanoseconds(String path) {
        if (isV2()) {
            OptionalLong micros = field(mount.resolve(relative(path)).resolve("cpu.stat"), "usage_usec");
            return micros.isPresent() ? OptionalLong.of(micros.getAsLong() * 1000) : micros;
        }
        for (String hierarchy : List.of("cpuacct", "cpu,cpuacct")) {
            OptionalLong nanos =
                    number(mount.resolve(hierarchy).resolve(relative(path)).resolve("cpuacct.usage"));
            if (nanos.isPresent()) {
                return nanos;
            }
        }
        return OptionalLong.empty();
    }

    /** Bytes in use without file pages that the kernel would drop first. */
    public OptionalLong workingSetBytes(String path) {
        Path folder =
                isV2() ? mount.resolve(relative(path)) : mount.resolve("memory").resolve(relative(path));
        OptionalLong all = number(folder.resolve(isV2() ? "memory.current" : "memory.usage_in_bytes"));
        if (all.isEmpty()) {
            return all;
        }
        long inactive = field(folder.resolve("memory.stat"), isV2() ? "inactive_file" : "total_inactive_file")
                .orElse(0);
        return OptionalLong.of(Math.max(0, all.getAsLong() - inactive));
    }

    /** Processes and threads in it. */
    public OptionalLong processes(String path) {
        Path folder =
                isV2() ? mount.resolve(relative(path)) : mount.resolve("pids").resolve(relative(path));
        return number(folder.resolve("pids.current"));
    }

    private boolean isV2() {
        return Files.exists(mount.resolve("cgroup.controllers"));
    }

    private static String relative(String path) {
        return path.startsWith("/") ? path.substring(1) : path;
    }

    private static OptionalLong number(Path file) {
        try {
            return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong field(Path file, String name) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(name.length() + 1).strip()))
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
