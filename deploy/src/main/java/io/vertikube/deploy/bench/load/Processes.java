package io.vertikube.deploy.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What the kernel says about processes of this machine. */
public final class Processes {

    private static final long MICROS_PER_TICK = 10_000;

    /** user, nice, system, irq and softirq of {@code /proc/stat}. */
    private static final int[] BUSY_FIELDS = {1, 2, 3, 6, 7};

    private Processes() {}

    /** User and system time so far in microseconds; empty if there is no such process to be seen. */
    public static OptionalLong cpuMicros(long pid) {
        return ticks(pid, 11, 13);
    }

    /** The same with what children spent that it has waited for. */
    public static OptionalLong cpuMicrosWithChildren(long pid) {
        return ticks(pid, 11, 15);
    }

    /** What all processors have spent since the machine's start on anything, in microseconds. */
    public static long machineMicros() throws IOException {
        String all = Files.readAllLines(Path.of("/proc/stat")).getFirst();
        String[] fields = all.split(" +");
        long ticks = 0;
        for (int field : BUSY_FIELDS) {
            ticks += Long.parseLong(fields[field]);
        }
        return ticks * MICROS_PER_TICK;
    }

    private static OptionalLong ticks(long pid, int from, int to) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (int i = from; i < to; i++) {
                ticks += Long.parseLong(fields[i]);
            }
            return OptionalLong.of(ticks * MICROS_PER_TICK);
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Resident memory in MB (of 1,000,000 bytes). */
    public static OptionalLong residentMegabytes(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1_000_000);
                }
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }
}
