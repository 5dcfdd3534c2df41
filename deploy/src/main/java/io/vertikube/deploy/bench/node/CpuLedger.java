package io.vertikube.deploy.bench.node;

import io.vertikube.deploy.bench.load.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who on this machine has spent how much CPU time: the cluster's services, this process, and as one everything of the
 * runtime — itself, its shims, what they started and what those waited for (runc, network plugins). Confined to one thread.
 */
final class CpuLedger {

    static final String RUNTIME = "runtime";
    static final String DRIVER = "this driver";
    static final String REST = "rest of the machine";

    private static final String SHIM = "containerd-shim";
    private static final String PID_FILE = ".pid";

    private final Path runFolder;
    private final String runtimeSocket;

    /** {@code runFolder} holds a file {@code <service>.pid} for each service, containerd among them. */
    CpuLedger(Path runFolder, String runtimeSocket) {
        this.runFolder = runFolder;
        this.runtimeSocket = runtimeSocket;
    }

    /** At one time, by process. Immutable. */
    record Page(Map<Long, String> names, Map<Long, Long> micros, long machineMicros) {

        Page {
            names = Map.copyOf(names);
            micros = Map.copyOf(micros);
        }

        /** Milliseconds since an earlier page, by who spent them; what has ended meanwhile is in the rest. */
        Map<String, Double> since(Page before) {
            Map<String, Double> spent = new LinkedHashMap<>();
            double all = (machineMicros - before.machineMicros) / 1e3;
            double named = 0;
            for (Map.Entry<Long, Long> each : micros.entrySet()) {
                double more = (each.getValue() - before.micros.getOrDefault(each.getKey(), 0L)) / 1e3;
                spent.merge(names.getOrDefault(each.getKey(), REST), more, Double::sum);
                named += more;
            }
            spent.put(REST, Math.max(0, all - named));
            return spent;
        }
    }

    Page now() throws IOException {
        Map<Long, String> names = new HashMap<>();
        names.put(ProcessHandle.current().pid(), DRIVER);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(runFolder, "*" + PID_FILE)) {
            for (Path file : files) {
                String service = file.getFileName().toString().replace(PID_FILE, "");
                long pid = Long.parseLong(Files.readString(file).strip().split(" ")[0]);
                names.put(pid, service.equals("containerd") ? RUNTIME : service);
            }
        }
        shimsWithFamilies().forEach(pid -> names.put(pid, RUNTIME));
        Map<Long, Long> micros = new HashMap<>();
        names.keySet().forEach(pid -> Processes.cpuMicrosWithChildren(pid).ifPresent(spent -> micros.put(pid, spent)));
        return new Page(names, micros, Processes.machineMicros());
    }

    /**
     * Shims and all below them, from one look at the table: who asks each shim for its descendants reads the table as often
     * as there are shims, and pays more for that than a burst's client does.
     */
    private Set<Long> shimsWithFamilies() {
        Map<Long, List<Long>> children = new HashMap<>();
        Deque<Long> next = new ArrayDeque<>();
        ProcessHandle.allProcesses().forEach(each -> {
            each.parent()
                    .ifPresent(parent -> children.computeIfAbsent(parent.pid(), pid -> new ArrayList<>())
                            .add(each.pid()));
            if (isShim(each)) {
                next.push(each.pid());
            }
        });
        Set<Long> found = new HashSet<>();
        while (!next.isEmpty()) {
            long pid = next.pop();
            if (found.add(pid)) {
                children.getOrDefault(pid, List.of()).forEach(next::push);
            }
        }
        return found;
    }

    /** A shim names its runtime's socket on its command line. */
    private boolean isShim(ProcessHandle process) {
        try {
            String command = new String(
                    Files.readAllBytes(Path.of("/proc/" + process.pid() + "/cmdline")), StandardCharsets.UTF_8);
            return command.contains(SHIM) && command.contains(runtimeSocket);
        } catch (IOException e) {
            // It has ended.
            return false;
        }
    }
}
