package io.vertikube.kubelet.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.status.Times;
import io.vertikube.object.Json;
import java.time.Instant;
import java.util.List;

/** What the node and its pods use, as {@code /stats/summary} ("Node metrics data" in the documentation). Pure functions. */
final class SummaryReport {

    private SummaryReport() {}

    /** The JSON; what is not measured is left out. */
    static ObjectNode of(UsageReport.Seen seen) {
        ObjectNode root = Json.MAPPER.createObjectNode();
        node(root.putObject("node"), seen.node());
        ArrayNode pods = root.putArray("pods");
        seen.byPod().forEach((pod, containers) -> pod(pods.addObject(), pod, containers, seen));
        return root;
    }

    private static void node(ObjectNode self, UsageReport.NodeUsage node) {
        Machine.Resources has = node.resources();
        self.put("nodeName", node.name());
        cpu(self, node.at(), node.cpuCoreNanoseconds());
        ObjectNode memory = self.putObject("memory");
        memory.put("time", Times.text(node.at()));
        memory.put("availableBytes", has.memoryAvailable());
        memory.put("usageBytes", node.memoryUsed());
        memory.put("workingSetBytes", node.memoryUsed());
        disk(self.putObject("fs"), node);
        disk(self.putObject("runtime").putObject("imageFs"), node);
        ObjectNode limits = self.putObject("rlimit");
        limits.put("time", Times.text(node.at()));
        limits.put("maxpid", has.maxPids());
        limits.put("curproc", has.pids());
    }

    private static void disk(ObjectNode disk, UsageReport.NodeUsage node) {
        Machine.Resources has = node.resources();
        disk.put("time", Times.text(node.at()));
        disk.put("availableBytes", has.diskAvailable());
        disk.put("capacityBytes", has.diskBytes());
        disk.put("usedBytes", has.diskBytes() - has.diskAvailable());
    }

    private static void pod(ObjectNode node, PodIdentity pod, List<ContainerUsage> containers, UsageReport.Seen seen) {
        ObjectNode reference = node.putObject("podRef");
        reference.put("name", pod.name());
        reference.put("namespace", pod.namespace());
        reference.put("uid", pod.uid());
        containers.stream()
                .flatMap(each -> seen.startOf(each).stream())
                .min(Instant::compareTo)
                .ifPresent(start -> node.put("startTime", Times.text(start)));
        ArrayNode list = node.putArray("containers");
        long cpu = 0;
        long memory = 0;
        long disk = 0;
        Instant at = Instant.EPOCH;
        for (ContainerUsage usage : containers) {
            ObjectNode container = list.addObject();
            container.put("name", usage.name());
            seen.startOf(usage).ifPresent(start -> container.put("startTime", Times.text(start)));
            cpu(container, usage.at(), usage.cpuCoreNanoseconds());
            memory(container, usage.at(), usage.workingSetBytes());
            ObjectNode rootfs = container.putObject("rootfs");
            rootfs.put("time", Times.text(usage.at()));
            rootfs.put("usedBytes", usage.writableLayerBytes());
            rootfs.put("inodesUsed", usage.writableLayerInodes());
            cpu += usage.cpuCoreNanoseconds();
            memory += usage.workingSetBytes();
            disk += usage.writableLayerBytes();
            at = usage.at();
        }
        cpu(node, at, cpu);
        memory(node, at, memory);
        node.putObject("ephemeral-storage").put("time", Times.text(at)).put("usedBytes", disk);
    }

    private static void cpu(ObjectNode node, Instant at, long nanoseconds) {
        ObjectNode cpu = node.putObject("cpu");
        cpu.put("time", Times.text(at));
        cpu.put("usageCoreNanoSeconds", nanoseconds);
    }

    private static void memory(ObjectNode node, Instant at, long bytes) {
        ObjectNode memory = node.putObject("memory");
        memory.put("time", Times.text(at));
        memory.put("workingSetBytes", bytes);
    }
}
