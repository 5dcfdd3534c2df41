package io.vertikube.kubelet.stats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.kubelet.cgroup.CgroupFigures;
import io.vertikube.kubelet.kernel.FileSystems;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.status.Times;
import io.vertikube.object.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the node and its pods use, as {@code /stats/summary} ("Node metrics data" in the documentation); what is not
 * measured is left out. Pure functions.
 */
public final class SummaryReport {

    private SummaryReport() {}

    /** The JSON of what is used now. */
    public static ObjectNode of(UsageSource source) throws IOException, InterruptedException {
        return of(source.now());
    }

    static ObjectNode of(Seen seen) {
        ObjectNode root = Json.object();
        node(root.putObject("node"), seen.node());
        ArrayNode pods = root.putArray("pods");
        seen.pods().forEach(pod -> pod(pods.addObject(), pod, seen.node()));
        return root;
    }

    private static void node(ObjectNode self, Seen.NodeUsage node) {
        Machine.Resources has = node.resources();
        self.put("nodeName", node.name());
        ArrayNode parts = self.putArray("systemContainers");
        for (Seen.Part part : node.parts()) {
            ObjectNode one = parts.addObject();
            one.put("name", part.name());
            one.put("startTime", Times.text(part.start()));
            cpu(one, node.at(), part.figures().cpu().total(), -1);
            memory(
                    one,
                    node.at(),
                    part.figures().memory(),
                    part.figures().memory().workingSet());
        }
        cpu(self, node.at(), node.cpuCoreNanoseconds(), -1);
        ObjectNode memory = self.putObject("memory");
        memory.put("time", Times.text(node.at()));
        memory.put("availableBytes", has.memoryAvailable());
        memory.put("usageBytes", node.memoryUsed());
        memory.put("workingSetBytes", node.memoryUsed());
        network(self, node.at(), node.devices());
        node.disk().ifPresent(room -> {
            ObjectNode disk = self.putObject("fs");
            room(disk, node.at(), room);
            disk.put("usedBytes", room.bytes() - room.bytesFree());
            disk.put("inodesUsed", room.inodes() - room.inodesFree());
        });
        node.images().ifPresent(images -> {
            ObjectNode runtime = self.putObject("runtime");
            for (String name : List.of("imageFs", "containerFs")) {
                ObjectNode disk = runtime.putObject(name);
                room(disk, node.at(), images.room());
                disk.put("usedBytes", images.used());
                disk.put("inodesUsed", images.inodesUsed());
            }
        });
        ObjectNode limits = self.putObject("rlimit");
        limits.put("time", Times.text(node.at()));
        limits.put("maxpid", has.maxPids());
        limits.put("curproc", has.pids());
    }

    private static void pod(ObjectNode self, Seen.PodUsage pod, Seen.NodeUsage node) {
        ObjectNode reference = self.putObject("podRef");
        reference.put("name", pod.pod().name());
        reference.put("namespace", pod.pod().namespace());
        reference.put("uid", pod.pod().uid());
        pod.start().ifPresent(start -> self.put("startTime", Times.text(start)));
        ArrayNode list = self.putArray("containers");
        pod.containers().forEach(container -> container(list.addObject(), container, node));
        long nanocores = pod.containers().stream()
                .mapToLong(Seen.ContainerSeen::nanocores)
                .reduce(0, (sum, each) -> sum < 0 || each < 0 ? -1 : sum + each);
        cpu(self, pod.at(), pod.cpuCoreNanoseconds(), nanocores);
        memory(self, pod.at(), pod.figures().memory(), pod.workingSetBytes());
        network(self, pod.at(), pod.devices());
        if (!pod.volumes().isEmpty()) {
            ArrayNode volumes = self.putArray("volume");
            pod.volumes().forEach(volume -> volume(volumes.addObject(), pod, volume));
        }
        ObjectNode disk = self.putObject("ephemeral-storage");
        node.disk().ifPresentOrElse(room -> room(disk, pod.at(), room), () -> disk.put("time", Times.text(pod.at())));
        disk.put("usedBytes", ephemeral(pod, false));
        disk.put("inodesUsed", ephemeral(pod, true));
        if (pod.figures().tasks().processes() >= 0) {
            self.putObject("process_stats")
                    .put("process_count", pod.figures().tasks().processes());
        }
    }

    /** Writable layers, logs, and volumes that lie on the node's own disk. */
    private static long ephemeral(Seen.PodUsage pod, boolean inodes) {
        long sum = 0;
        for (Seen.ContainerSeen each : pod.containers()) {
            sum += inodes
                    ? each.usage().writableLayerInodes() + each.logs().inodes()
                    : each.usage().writableLayerBytes() + each.logs().bytes();
        }
        for (VolumeFigures volume : pod.volumes()) {
            if (volume.local()) {
                sum += Math.max(
                        0, inodes ? volume.inodes().used() : volume.bytes().used());
            }
        }
        return sum;
    }

    private static void container(ObjectNode self, Seen.ContainerSeen seen, Seen.NodeUsage node) {
        ContainerUsage usage = seen.usage();
        self.put("name", usage.name());
        seen.start().ifPresent(start -> self.put("startTime", Times.text(start)));
        cpu(self, usage.at(), usage.cpuCoreNanoseconds(), seen.nanocores());
        memory(self, usage.at(), seen.figures().memory(), usage.workingSetBytes());
        ObjectNode rootfs = self.putObject("rootfs");
        node.images()
                .map(Seen.Images::room)
                .ifPresentOrElse(
                        room -> room(rootfs, usage.at(), room), () -> rootfs.put("time", Times.text(usage.at())));
        rootfs.put("usedBytes", usage.writableLayerBytes());
        rootfs.put("inodesUsed", usage.writableLayerInodes());
        node.disk().ifPresent(room -> {
            ObjectNode logs = self.putObject("logs");
            room(logs, usage.at(), room);
            logs.put("usedBytes", seen.logs().bytes());
            logs.put("inodesUsed", seen.logs().inodes());
        });
    }

    private static void cpu(ObjectNode self, Instant at, long nanoseconds, long nanocores) {
        ObjectNode cpu = self.putObject("cpu");
        cpu.put("time", Times.text(at));
        put(cpu, "usageNanoCores", nanocores);
        put(cpu, "usageCoreNanoSeconds", nanoseconds);
    }

    private static void memory(ObjectNode self, Instant at, CgroupFigures.Memory counted, long workingSet) {
        ObjectNode memory = self.putObject("memory");
        memory.put("time", Times.text(at));
        if (counted.limit() >= 0) {
            memory.put("availableBytes", Math.max(0, counted.limit() - workingSet));
        }
        put(memory, "usageBytes", counted.usage());
        put(memory, "workingSetBytes", workingSet);
        put(memory, "rssBytes", counted.rss());
        put(memory, "pageFaults", counted.faults());
        put(memory, "majorPageFaults", counted.majorFaults());
    }

    private static void network(ObjectNode self, Instant at, List<NetworkDevice> devices) {
        Optional<NetworkDevice> main = NetworkDevice.main(devices);
        if (main.isPresent()) {
            ObjectNode network = self.putObject("network");
            network.put("time", Times.text(at));
            device(network, main.get());
            ArrayNode all = network.putArray("interfaces");
            devices.forEach(each -> device(all.addObject(), each));
        }
    }

    private static void device(ObjectNode self, NetworkDevice device) {
        self.put("name", device.name());
        self.put("rxBytes", device.received().bytes());
        self.put("rxErrors", device.received().errors());
        self.put("txBytes", device.sent().bytes());
        self.put("txErrors", device.sent().errors());
    }

    private static void volume(ObjectNode self, Seen.PodUsage pod, VolumeFigures volume) {
        self.put("time", Times.text(volume.at()));
        put(self, "availableBytes", volume.bytes().available());
        put(self, "capacityBytes", volume.bytes().capacity());
        put(self, "usedBytes", volume.bytes().used());
        put(self, "inodesFree", volume.inodes().available());
        put(self, "inodes", volume.inodes().capacity());
        put(self, "inodesUsed", volume.inodes().used());
        self.put("name", volume.name());
        volume.claim()
                .ifPresent(claim -> self.putObject("pvcRef")
                        .put("name", claim)
                        .put("namespace", pod.pod().namespace()));
        if (volume.claim().isPresent()) {
            self.putObject("volumeHealthStats").put("abnormal", volume.problem().isPresent());
        }
    }

    private static void room(ObjectNode self, Instant at, FileSystems.Room room) {
        self.put("time", Times.text(at));
        self.put("availableBytes", room.bytesFree());
        self.put("capacityBytes", room.bytes());
        self.put("inodesFree", room.inodesFree());
        self.put("inodes", room.inodes());
    }

    private static void put(ObjectNode self, String field, long figure) {
        if (figure >= 0) {
            self.put(field, figure);
        }
    }
}
