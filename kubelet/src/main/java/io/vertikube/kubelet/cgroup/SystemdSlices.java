package io.vertikube.kubelet.cgroup;

import io.vertikube.kubelet.kernel.MachineCommands;
import io.vertikube.kubelet.runtime.LinuxResources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks systemd, over its bus by {@code busctl}, for slices that are there until they are stopped. Safe for any thread; blocks.
 *
 * @see <a href="https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.systemd1.html">systemd's D-Bus
 *     interface</a>
 */
final class SystemdSlices {

    private static final List<String> CALL = List.of(
            "busctl",
            "call",
            "org.freedesktop.systemd1",
            "/org/freedesktop/systemd1",
            "org.freedesktop.systemd1.Manager");
    private static final Path RUNNING = Path.of("/run/systemd/system");
    private static final long SECOND_MICROS = 1_000_000;

    private final MachineCommands commands;

    SystemdSlices(MachineCommands commands) {
        this.commands = commands;
    }

    /** An {@link IllegalArgumentException} where systemd does not run the machine. */
    static void demandSystemd() {
        if (!Files.isDirectory(RUNNING)) {
            throw new IllegalArgumentException("--cgroup-driver: systemd does not run this machine (there is no "
                    + RUNNING + "): use cgroupfs, here and in the runtime");
        }
    }

    /** Makes a slice with limits; one that is there gets them. */
    void start(String slice, LinuxResources limits, long pids, long memoryMin, boolean v2, boolean there)
            throws IOException {
        var command = new ArrayList<>(CALL);
        List<String> properties = properties(limits, pids, memoryMin, v2);
        if (there) {
            command.addAll(List.of("SetUnitProperties", "sba(sv)", slice, "true"));
            addAll(command, properties);
        } else {
            command.addAll(List.of("StartTransientUnit", "ssa(sv)a(sa(sv))", slice, "replace"));
            var all = new ArrayList<>(List.of(
                    "Description",
                    "s",
                    "Vertikube pod " + slice,
                    "DefaultDependencies",
                    "b",
                    "false",
                    "CPUAccounting",
                    "b",
                    "true",
                    "MemoryAccounting",
                    "b",
                    "true",
                    "TasksAccounting",
                    "b",
                    "true"));
            all.addAll(properties);
            addAll(command, all);
            command.add("0");
        }
        run(command);
    }

    /** Sets what a slice has of the processor, beside others of the same slice above it. */
    void setShares(String slice, long shares, boolean v2) throws IOException {
        var command = new ArrayList<>(CALL);
        command.addAll(List.of("SetUnitProperties", "sba(sv)", slice, "true"));
        var properties = new ArrayList<String>();
        add(properties, v2 ? "CPUWeight" : "CPUShares", v2 ? CgroupFiles.weight(shares) : shares);
        addAll(command, properties);
        run(command);
    }

    void stop(String slice) throws IOException {
        var command = new ArrayList<>(CALL);
        command.addAll(List.of("StopUnit", "ss", slice, "replace"));
        run(command);
    }

    private static List<String> properties(LinuxResources limits, long pids, long memoryMin, boolean v2) {
        var result = new ArrayList<String>();
        add(result, v2 ? "CPUWeight" : "CPUShares", v2 ? CgroupFiles.weight(limits.cpuShares()) : limits.cpuShares());
        if (limits.cpuQuota() > 0) {
            add(result, "CPUQuotaPerSecUSec", limits.cpuQuota() * SECOND_MICROS / limits.cpuPeriod());
        }
        if (limits.memoryLimitBytes() > 0) {
            add(result, v2 ? "MemoryMax" : "MemoryLimit", limits.memoryLimitBytes());
        }
        if (v2 && memoryMin > 0) {
            add(result, "MemoryMin", memoryMin);
        }
        if (pids > 0) {
            add(result, "TasksMax", pids);
        }
        return result;
    }

    /** A number of the bus: unsigned, 64 bits. */
    private static void add(List<String> properties, String name, long value) {
        properties.addAll(List.of(name, "t", Long.toString(value)));
    }

    private static void addAll(List<String> command, List<String> properties) {
        command.add(Integer.toString(properties.size() / 3));
        command.addAll(properties);
    }

    private void run(List<String> command) throws IOException {
        MachineCommands.Result result = commands.run(command);
        if (result.status() != 0) {
            throw new IOException("systemd refused " + command.get(CALL.size()) + " of " + command.get(CALL.size() + 2)
                    + ": " + result.output());
        }
    }
}
