package io.vertikube.kubelet.server;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.cgroup.CgroupUsage;
import io.vertikube.kubelet.cgroup.PodCgroups;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what the node and its pods use: from the runtime, from cgroup files where the runtime does not say, and from
 * pod statuses when containers were started. Blocks; safe for any thread.
 */
final class UsageSource {

    private static final Logger LOG = LoggerFactory.getLogger(UsageSource.class);

    private final String nodeName;
    private final ContainerRuntime runtime;
    private final Supplier<List<Pod>> pods;
    private final Machine machine;
    private final PodCgroups cgroups;
    private final CgroupUsage files = new CgroupUsage();
    private final InstantSource clock;

    UsageSource(
            String nodeName,
            ContainerRuntime runtime,
            Supplier<List<Pod>> pods,
            Machine machine,
            PodCgroups cgroups,
            InstantSource clock) {
        this.nodeName = nodeName;
        this.runtime = runtime;
        this.pods = pods;
        this.machine = machine;
        this.cgroups = cgroups;
        this.clock = clock;
    }

    /** Everything now; where the runtime fails the node is told alone. */
    UsageReport.Seen now() throws IOException {
        var node =
                new UsageReport.NodeUsage(nodeName, machine.cpuCoreNanoseconds(), machine.resources(), clock.instant());
        Map<String, Pod> byUid = new HashMap<>();
        Map<String, Instant> started = new HashMap<>();
        for (Pod pod : pods.get()) {
            byUid.put(pod.getMetadata().getUid(), pod);
            running(pod).forEach(status -> started.put(id(status), startOf(status)));
        }
        try {
            List<ContainerUsage> usage = runtime.usage().stream()
                    .map(each -> completed(each, byUid))
                    .filter(each -> each.at().isAfter(Instant.EPOCH))
                    .toList();
            return new UsageReport.Seen(node, usage, started, false);
        } catch (RuntimeFailure e) {
            LOG.warn("the runtime does not tell what containers use: {}", e.getMessage());
            return new UsageReport.Seen(node, List.of(), started, true);
        }
    }

    private ContainerUsage completed(ContainerUsage usage, Map<String, Pod> byUid) {
        if (usage.cpuCoreNanoseconds() > 0 && usage.workingSetBytes() > 0) {
            return usage;
        }
        String uid = usage.labels().getOrDefault(Labels.POD_UID, "");
        Pod pod = byUid.get(uid);
        String qos =
                pod == null || pod.getStatus() == null ? null : pod.getStatus().getQosClass();
        String parent = qos == null ? "" : cgroups.parentOf(uid, qos);
        if (parent.isEmpty()) {
            return usage;
        }
        String path = parent + "/" + usage.containerId();
        return new ContainerUsage(
                usage.containerId(),
                usage.name(),
                usage.labels(),
                usage.at().isAfter(Instant.EPOCH) ? usage.at() : clock.instant(),
                usage.cpuCoreNanoseconds() > 0
                        ? usage.cpuCoreNanoseconds()
                        : files.cpuNanoseconds(path).orElse(0),
                usage.workingSetBytes() > 0
                        ? usage.workingSetBytes()
                        : files.workingSetBytes(path).orElse(0),
                usage.writableLayerBytes(),
                usage.writableLayerInodes());
    }

    private static Stream<ContainerStatus> running(Pod pod) {
        var status = pod.getStatus();
        if (status == null) {
            return Stream.empty();
        }
        return Stream.of(
                        status.getContainerStatuses(),
                        status.getInitContainerStatuses(),
                        status.getEphemeralContainerStatuses())
                .filter(list -> list != null)
                .flatMap(List::stream)
                .filter(one -> one.getContainerID() != null
                        && one.getState() != null
                        && one.getState().getRunning() != null
                        && one.getState().getRunning().getStartedAt() != null);
    }

    private static String id(ContainerStatus status) {
        String id = status.getContainerID();
        return id.substring(id.indexOf("://") < 0 ? 0 : id.indexOf("://") + 3);
    }

    private static Instant startOf(ContainerStatus status) {
        return Instant.parse(status.getState().getRunning().getStartedAt());
    }
}
