package io.vertikube.scheduler.snapshot;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.PodContainers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod with what rules ask of it worked out once. Immutable; the pod itself is shared and not to be changed.
 *
 * @param requested what it takes of a node
 * @param assumed the same with a guess for what it does not state, to compare nodes
 */
public record PodView(
        Pod pod,
        ObjectKey key,
        Map<String, String> labels,
        int priority,
        Resources requested,
        Resources assumed,
        List<HostPort> hostPorts,
        List<AffinityTerm> requiredAffinity,
        List<AffinityTerm> requiredAntiAffinity,
        List<AffinityTerm> preferredAffinity,
        List<AffinityTerm> preferredAntiAffinity) {

    public PodView {
        labels = Map.copyOf(labels);
        hostPorts = List.copyOf(hostPorts);
        requiredAffinity = List.copyOf(requiredAffinity);
        requiredAntiAffinity = List.copyOf(requiredAntiAffinity);
        preferredAffinity = List.copyOf(preferredAffinity);
        preferredAntiAffinity = List.copyOf(preferredAntiAffinity);
    }

    public static PodView of(Pod pod) {
        PodSpec spec = pod.getSpec();
        Map<String, String> labels = pod.getMetadata().getLabels() == null
                ? Map.of()
                : pod.getMetadata().getLabels();
        String namespace = pod.getMetadata().getNamespace();
        Affinity affinity = spec.getAffinity();
        var near = affinity == null ? null : affinity.getPodAffinity();
        var far = affinity == null ? null : affinity.getPodAntiAffinity();
        return new PodView(
                pod,
                ObjectKey.of(pod),
                labels,
                spec.getPriority() == null ? 0 : spec.getPriority(),
                PodResources.requested(spec),
                PodResources.assumed(spec),
                hostPorts(spec),
                required(
                        near == null ? null : near.getRequiredDuringSchedulingIgnoredDuringExecution(),
                        namespace,
                        labels),
                required(
                        far == null ? null : far.getRequiredDuringSchedulingIgnoredDuringExecution(),
                        namespace,
                        labels),
                preferred(
                        near == null ? null : near.getPreferredDuringSchedulingIgnoredDuringExecution(),
                        namespace,
                        labels),
                preferred(
                        far == null ? null : far.getPreferredDuringSchedulingIgnoredDuringExecution(),
                        namespace,
                        labels));
    }

    public String namespace() {
        return key.namespace();
    }

    public PodSpec spec() {
        return pod.getSpec();
    }

    public String uid() {
        String uid = pod.getMetadata().getUid();
        return uid == null ? key.toString() : uid;
    }

    public boolean isEnding() {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    public boolean hasAffinity() {
        return !(requiredAffinity.isEmpty()
                && requiredAntiAffinity.isEmpty()
                && preferredAffinity.isEmpty()
                && preferredAntiAffinity.isEmpty());
    }

    /** The node that was picked for it, empty when none is. */
    public String nodeName() {
        return spec().getNodeName() == null ? "" : spec().getNodeName();
    }

    /** Where others had to go for it, empty when nowhere. */
    public String nominatedNode() {
        String name = pod.getStatus() == null ? null : pod.getStatus().getNominatedNodeName();
        return name == null ? "" : name;
    }

    private static List<HostPort> hostPorts(PodSpec spec) {
        var ports = new ArrayList<HostPort>();
        for (Container container : PodContainers.longRunning(spec)) {
            container.getPorts().stream()
                    .filter(port -> port.getHostPort() != null && port.getHostPort() > 0)
                    .forEach(port -> ports.add(HostPort.of(port.getHostIP(), port.getProtocol(), port.getHostPort())));
        }
        return ports;
    }

    private static List<AffinityTerm> required(
            @Nullable List<PodAffinityTerm> terms, String namespace, Map<String, String> labels) {
        return terms == null
                ? List.of()
                : terms.stream()
                        .map(term -> AffinityTerm.of(term, namespace, labels, 0))
                        .toList();
    }

    private static List<AffinityTerm> preferred(
            @Nullable List<WeightedPodAffinityTerm> terms, String namespace, Map<String, String> labels) {
        return terms == null
                ? List.of()
                : terms.stream()
                        .map(term -> AffinityTerm.of(term.getPodAffinityTerm(), namespace, labels, term.getWeight()))
                        .toList();
    }
}
