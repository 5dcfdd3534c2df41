package io.vertikube.kubelet.stats;

import io.vertikube.kubelet.cgroup.CgroupFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What this process uses, in the words of a cgroup. Pure but for what it reads. */
final class OwnProcess {

    private static final Path STATUS = Path.of("/proc/self/status");

    private OwnProcess() {}

    static CgroupFigures figures() throws IOException {
        long resident = 0;
        long threads = CgroupFigures.UNKNOWN;
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith("VmRSS:")) {
                resident = number(line) * 1024;
            } else if (line.startsWith("Threads:")) {
                threads = number(line);
            }
        }
        long nanos = ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .orElse(CgroupFigures.UNKNOWN);
        long none = CgroupFigures.UNKNOWN;
        return new CgroupFigures(
                new CgroupFigures.Cpu(nanos, none, none, none, none, none),
                new CgroupFigures.Memory(resident, resident, resident, none, none, none, none, none, none),
                new CgroupFigures.Tasks(1, threads));
    }

    private static long number(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }
}
