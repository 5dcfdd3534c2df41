package io.vertikube.kubelet.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.status.Times;
import io.vertikube.object.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the node and its pods use, as {@code /stats/summary} and as metrics. Pure functions. */
final class UsageReport {

    /** The node's own usage. */
    record NodeUsage(String name, long cpuCoreNanoseconds, Machine.Resources resources, Instant at) {}

    private UsageReport() {}

    /** JSON of {@code /stats/summary}. */
    static ObjectNode summary(NodeUsage node, List<ContainerUsage> usage) {
        ObjectNode root = Json.MAPPER.createObjectNode();
        ObjectNode self = root.putObject("node");
        self.put("nodeName", node.name());
        cpu(self, node.at(), node.cpuCoreNanoseconds());
        ObjectNode memory = self.putObject("memory");
        Machine.Resources has = node.resources();
        memory.put("time", Times.text(node.at()));
        memory.put("availableBytes", has.memoryAvailable());
        memory.put("usageBytes", has.memoryBytes() - has.memoryAvailable());
        memory.put("workingSetBytes", has.memoryBytes() - has.memoryAvailable());
        ObjectNode disk = self.putObject("fs");
        disk.put("time", Times.text(node.at()));
        disk.put("availableBytes", has.diskAvailable());
        disk.put("capacityBytes", has.diskBytes());
        disk.put("usedBytes", has.diskBytes() - has.diskAvailable());
        ArrayNode pods = root.putArray("pods");
        byPod(usage).forEach((pod, containers) -> pod(pods.addObject(), pod, containers));
        return root;
    }

    /** Text of {@code /metrics/resource}. */
    static String resourceMetrics(NodeUsage node, List<ContainerUsage> usage) {
        var text = new StringBuilder();
        family(text, "node_cpu_usage_seconds_total", "counter", "Cumulative cpu time consumed by the node");
        line(text, "node_cpu_usage_seconds_total", "", seconds(node.cpuCoreNanoseconds()));
        family(text, "node_memory_working_set_bytes", "gauge", "Current working set of the node in bytes");
        long used = node.resources().memoryBytes() - node.resources().memoryAvailable();
        line(text, "node_memory_working_set_bytes", "", Long.toString(used));
        family(text, "container_cpu_usage_seconds_total", "counter", "Cumulative cpu time consumed by the container");
        usage.forEach(each ->
                line(text, "container_cpu_usage_seconds_total", labels(each), seconds(each.cpuCoreNanoseconds())));
        family(text, "container_memory_working_set_bytes", "gauge", "Current working set of the container in bytes");
        usage.forEach(each ->
                line(text, "container_memory_working_set_bytes", labels(each), Long.toString(each.workingSetBytes())));
        family(text, "pod_cpu_usage_seconds_total", "counter", "Cumulative cpu time consumed by the pod");
        Map<PodIdentity, List<ContainerUsage>> pods = byPod(usage);
        pods.forEach((pod, containers) -> line(
                text,
                "pod_cpu_usage_seconds_total",
                labels(pod),
                seconds(containers.stream()
                        .mapToLong(ContainerUsage::cpuCoreNanoseconds)
                        .sum())));
        family(text, "pod_memory_working_set_bytes", "gauge", "Current working set of the pod in bytes");
        pods.forEach((pod, containers) -> line(
                text,
                "pod_memory_working_set_bytes",
                labels(pod),
                Long.toString(containers.stream()
                        .mapToLong(ContainerUsage::workingSetBytes)
                        .sum())));
        family(text, "scrape_error", "gauge", "1 if there was an error while getting container metrics, 0 otherwise");
        line(text, "scrape_error", "", "0");
        return text.toString();
    }

    private static void pod(ObjectNode node, PodIdentity pod, List<ContainerUsage> containers) {
        ObjectNode reference = node.putObject("podRef");
        reference.put("name", pod.name());
        reference.put("namespace", pod.namespace());
        reference.put("uid", pod.uid());
        ArrayNode list = node.putArray("containers");
        long cpu = 0;
        long memory = 0;
        Instant at = Instant.EPOCH;
        for (ContainerUsage usage : containers) {
            ObjectNode container = list.addObject();
            container.put("name", usage.name());
            cpu(container, usage.at(), usage.cpuCoreNanoseconds());
            memory(container, usage.at(), usage.workingSetBytes());
            ObjectNode rootfs = container.putObject("rootfs");
            rootfs.put("time", Times.text(usage.at()));
            rootfs.put("usedBytes", usage.writableLayerBytes());
            rootfs.put("inodesUsed", usage.writableLayerInodes());
            cpu += usage.cpuCoreNanoseconds();
            memory += usage.workingSetBytes();
            at = usage.at();
        }
        cpu(node, at, cpu);
        memory(node, at, memory);
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

    private static Map<PodIdentity, List<ContainerUsage>> byPod(List<ContainerUsage> usage) {
        Map<PodIdentity, List<ContainerUsage>> result = new LinkedHashMap<>();
        for (ContainerUsage each : usage) {
            Labels.pod(each.labels())
                    .ifPresent(pod ->
                            result.computeIfAbsent(pod, p -> new ArrayList<>()).add(each));
        }
        return result;
    }

    private static String labels(ContainerUsage usage) {
        return "{container=\"" + usage.name() + "\",namespace=\""
                + usage.labels().getOrDefault(Labels.POD_NAMESPACE, "") + "\",pod=\""
                + usage.labels().getOrDefault(Labels.POD_NAME, "") + "\"}";
    }

    private static String labels(PodIdentity pod) {
        return "{namespace=\"" + pod.namespace() + "\",pod=\"" + pod.name() + "\"}";
    }

    private static void family(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void line(StringBuilder text, String name, String labels, String value) {
        text.append(name).append(labels).append(' ').append(value).append('\n');
    }

    private static String seconds(long nanoseconds) {
        return String.format(Locale.ROOT, "%.9f", nanoseconds / 1e9);
    }
}
