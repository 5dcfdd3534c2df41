package io.vertikube.kubelet.node;

import io.fabric8.kubernetes.api.model.ContainerImage;
import io.fabric8.kubernetes.api.model.ContainerImageBuilder;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeAddressBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeFeatures;
import io.fabric8.kubernetes.api.model.NodeRuntimeHandler;
import io.fabric8.kubernetes.api.model.NodeRuntimeHandlerFeatures;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.kubelet.NodePolicies;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.RuntimeStatus;
import io.vertikube.kubelet.runtime.RuntimeVersion;
import io.vertikube.kubelet.status.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A node's status from what the machine and the runtime say (API reference, NodeStatus). Pure functions. */
public final class NodeStatusPlan {

    /** Version of Kubernetes whose kubelet this one behaves like. */
    public static final String KUBELET_VERSION = "v1.32.0";

    private static final Set<String> OURS = Set.of("MemoryPressure", "DiskPressure", "PIDPressure", "Ready");

    /**
     * What a status is made from.
     *
     * @param before the status the API has; conditions of others and transition times are kept
     * @param pressures conditions such as MemoryPressure that are the case
     * @param told what the runtime can do; empty while it does not say
     * @param extended what plugins offer; what others wrote into the capacity is kept
     * @param problem why pods cannot run, empty when they can
     */
    public record Input(
            NodeStatus before,
            Machine.Identity identity,
            Machine.Resources resources,
            Optional<RuntimeVersion> runtime,
            List<Image> images,
            Optional<RuntimeStatus> told,
            Optional<String> problem,
            String hostname,
            List<String> addresses,
            int port,
            int maxPods,
            NodePolicies policies,
            Set<String> pressures,
            ExtendedResources extended,
            Instant now) {}

    private NodeStatusPlan() {}

    public static NodeStatus of(Input input) {
        Map<String, Quantity> capacity =
                capacity(input.resources(), input.maxPods(), input.policies().node());
        Map<String, Quantity> allocatable = Allocatable.of(capacity, input.resources(), input.policies());
        input.extended().addTo(capacity, allocatable, input.before().getCapacity());
        return new NodeStatusBuilder(input.before())
                .withCapacity(capacity)
                .withAllocatable(allocatable)
                .withConditions(conditions(input))
                .withAddresses(addresses(input))
                .withNewDaemonEndpoints()
                .withNewKubeletEndpoint(input.port())
                .endDaemonEndpoints()
                .withNewNodeInfo()
                .withMachineID(input.identity().machineId())
                .withSystemUUID(input.identity().systemUuid())
                .withBootID(input.identity().bootId())
                .withKernelVersion(input.identity().kernelVersion())
                .withOsImage(input.identity().osImage())
                .withOperatingSystem("linux")
                .withArchitecture(input.identity().architecture())
                .withContainerRuntimeVersion(
                        input.runtime().map(RuntimeVersion::nodeText).orElse("unknown://"))
                .withKubeletVersion(KUBELET_VERSION)
                .withKubeProxyVersion("")
                .endNodeInfo()
                .withImages(images(input.images(), input.policies().node().shownImages()))
                .withRuntimeHandlers(handlers(input))
                .withFeatures(features(input))
                .build();
    }

    /** What the machine has. */
    public static Map<String, Quantity> capacity(Machine.Resources resources, int maxPods, NodeOptions options) {
        Map<String, Quantity> result = new LinkedHashMap<>();
        result.put("cpu", new Quantity(Integer.toString(resources.cpus())));
        result.put("memory", new Quantity(Long.toString(resources.memoryBytes() / 1024) + "Ki"));
        result.put("pods", new Quantity(Integer.toString(options.pods(maxPods, resources.cpus()))));
        result.put("ephemeral-storage", new Quantity(Long.toString(resources.diskBytes() / 1024) + "Ki"));
        resources.largePages().forEach((size, bytes) -> result.put("hugepages-" + size, LargePages.quantity(bytes)));
        return result;
    }

    /** Whether two statuses differ in more than their heartbeats. */
    static boolean differ(NodeStatus a, NodeStatus b) {
        return !withoutHeartbeats(a).equals(withoutHeartbeats(b));
    }

    private static NodeStatus withoutHeartbeats(NodeStatus status) {
        List<NodeCondition> conditions = orEmpty(status.getConditions()).stream()
                .map(condition -> new NodeConditionBuilder(condition)
                        .withLastHeartbeatTime(null)
                        .build())
                .toList();
        return new NodeStatusBuilder(status).withConditions(conditions).build();
    }

    private static List<NodeCondition> conditions(Input input) {
        boolean memory = input.pressures().contains("MemoryPressure");
        boolean disk = input.pressures().contains("DiskPressure");
        boolean pids = input.pressures().contains("PIDPressure");
        Stream<NodeCondition> foreign = orEmpty(input.before().getConditions()).stream()
                .filter(condition -> !OURS.contains(condition.getType()));
        Stream<NodeCondition> ours = Stream.of(
                condition(
                        input,
                        "MemoryPressure",
                        memory,
                        memory ? "KubeletHasInsufficientMemory" : "KubeletHasSufficientMemory",
                        memory
                                ? "kubelet has insufficient memory available"
                                : "kubelet has sufficient memory available"),
                condition(
                        input,
                        "DiskPressure",
                        disk,
                        disk ? "KubeletHasDiskPressure" : "KubeletHasNoDiskPressure",
                        disk ? "kubelet has disk pressure" : "kubelet has no disk pressure"),
                condition(
                        input,
                        "PIDPressure",
                        pids,
                        pids ? "KubeletHasInsufficientPID" : "KubeletHasSufficientPID",
                        pids ? "kubelet has insufficient PID available" : "kubelet has sufficient PID available"),
                condition(
                        input,
                        "Ready",
                        input.problem().isEmpty(),
                        input.problem().isEmpty() ? "KubeletReady" : "KubeletNotReady",
                        input.problem().orElse("kubelet is posting ready status")));
        return Stream.concat(foreign, ours).toList();
    }

    private static NodeCondition condition(Input input, String type, boolean status, String reason, String message) {
        String text = status ? "True" : "False";
        String since = orEmpty(input.before().getConditions()).stream()
                .filter(old -> old.getType().equals(type) && text.equals(old.getStatus()))
                .map(NodeCondition::getLastTransitionTime)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Times.text(input.now()));
        return new NodeConditionBuilder()
                .withType(type)
                .withStatus(text)
                .withReason(reason)
                .withMessage(message)
                .withLastHeartbeatTime(Times.text(input.now()))
                .withLastTransitionTime(since)
                .build();
    }

    private static List<NodeAddress> addresses(Input input) {
        List<NodeAddress> result = new ArrayList<>();
        for (String ip : input.addresses()) {
            result.add(new NodeAddressBuilder()
                    .withType("InternalIP")
                    .withAddress(ip)
                    .build());
        }
        result.add(new NodeAddressBuilder()
                .withType("Hostname")
                .withAddress(input.hostname())
                .build());
        return result;
    }

    /** A runtime that is away is what it was before. */
    private static List<NodeRuntimeHandler> handlers(Input input) {
        return input.told()
                .map(told -> told.handlers().stream()
                        .sorted(Comparator.comparing(RuntimeStatus.Handler::name))
                        .map(each -> new NodeRuntimeHandler(
                                new NodeRuntimeHandlerFeatures(each.recursiveReadOnlyMounts(), each.userNamespaces()),
                                each.name()))
                        .toList())
                .orElseGet(() -> orEmpty(input.before().getRuntimeHandlers()));
    }

    private static @Nullable NodeFeatures features(Input input) {
        return input.told()
                .map(told -> new NodeFeatures(told.strictGroups()))
                .orElseGet(() -> input.before().getFeatures());
    }

    private static List<ContainerImage> images(List<Image> images, int most) {
        return images.stream()
                .sorted(Comparator.comparingLong(Image::sizeBytes).reversed())
                .limit(most < 0 ? images.size() : most)
                .map(image -> {
                    List<String> names = new ArrayList<>(image.digests());
                    names.addAll(image.tags());
                    return new ContainerImageBuilder()
                            .withNames(names)
                            .withSizeBytes(image.sizeBytes())
                            .build();
                })
                .toList();
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
