package io.vertikube.kubelet.admission;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeFeatures;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Taint;
import io.vertikube.kubelet.pod.PodOrigin;
import io.vertikube.value.NodeTerms;
import io.vertikube.value.Tolerations;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What keeps a pod from a node, in the words that Kubernetes' kubelet has for it. Pure functions. */
final class NodeFit {

    /**
     * One reason.
     *
     * @param missing how much of a resource is too little, 0 where the reason is none of room
     */
    record Misfit(String reason, String message, String resource, long missing) {

        static Misfit predicate(String name, String why) {
            return new Misfit(name, "Predicate " + name + " failed: " + why, "", 0);
        }
    }

    private static final String OS_LABEL = "kubernetes.io/os";
    private static final String OS = "linux";

    private NodeFit() {}

    /** Whether it asks for what no room helps with: another operating system, or what the runtime does not do. */
    static Optional<Misfit> otherKind(Pod pod, Node node) {
        String wanted = map(pod.getSpec().getNodeSelector()).get(OS_LABEL);
        String has = map(node.getMetadata().getLabels()).getOrDefault(OS_LABEL, OS);
        if (wanted != null && !wanted.equals(has)) {
            return Optional.of(new Misfit(
                    "PodOSSelectorNodeLabelDoesNotMatch",
                    "Failed to admit pod as the `" + OS_LABEL + "` label doesn't match node label",
                    "",
                    0));
        }
        if (pod.getSpec().getOs() != null && !OS.equals(pod.getSpec().getOs().getName())) {
            return Optional.of(new Misfit(
                    "PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS", "", 0));
        }
        return otherRuntime(pod, node);
    }

    private static Optional<Misfit> otherRuntime(Pod pod, Node node) {
        PodSecurityContext security = pod.getSpec().getSecurityContext();
        NodeFeatures features =
                node.getStatus() == null ? null : node.getStatus().getFeatures();
        boolean strict = security != null && "Strict".equals(security.getSupplementalGroupsPolicy());
        if (!strict || (features != null && Boolean.TRUE.equals(features.getSupplementalGroupsPolicy()))) {
            return Optional.empty();
        }
        return Optional.of(new Misfit(
                "SupplementalGroupsPolicyNotSupported",
                "SupplementalGroupsPolicy=Strict is not supported in this node",
                "",
                0));
    }

    /**
     * All reasons, the first of which is told.
     *
     * @param has what pods may have in all; of a resource that the node does not know nothing is asked
     * @param others what the node's other pods take
     */
    static List<Misfit> misfits(
            Pod pod, PodDemand wants, Node node, Map<String, Long> has, Collection<PodDemand> others) {
        List<Misfit> result = new ArrayList<>();
        for (String resource : order(wants.amounts().keySet())) {
            long asked = wants.amounts().getOrDefault(resource, 0L);
            Long capacity = has.get(resource);
            if (asked == 0 || capacity == null) {
                continue;
            }
            long used = others.stream()
                    .mapToLong(other -> other.amounts().getOrDefault(resource, 0L))
                    .sum();
            if (asked > capacity - used) {
                result.add(new Misfit(
                        "OutOf" + resource,
                        "Node didn't have enough resource: " + resource + ", requested: " + asked + ", used: " + used
                                + ", capacity: " + capacity,
                        resource,
                        asked - (capacity - used)));
            }
        }
        if (!NodeTerms.allows(
                pod.getSpec(), node.getMetadata().getName(), node.getMetadata().getLabels())) {
            result.add(Misfit.predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector"));
        }
        boolean taken = others.stream()
                .flatMap(other -> other.ports().stream())
                .anyMatch(port -> wants.ports().stream().anyMatch(port::conflicts));
        if (taken) {
            result.add(Misfit.predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports"));
        }
        if (!PodOrigin.isStatic(pod) && isDrivenOut(pod, node)) {
            result.add(Misfit.predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate"));
        }
        return result;
    }

    /** As the scheduler counts: pods, processor, memory, disk, then all others by name. */
    private static List<String> order(Set<String> resources) {
        List<String> first = List.of(PodDemand.PODS, "cpu", "memory", "ephemeral-storage");
        List<String> result = new ArrayList<>(first);
        resources.stream().filter(name -> !first.contains(name)).sorted().forEach(result::add);
        return result;
    }

    private static boolean isDrivenOut(Pod pod, Node node) {
        List<Taint> taints =
                node.getSpec() == null ? List.of() : list(node.getSpec().getTaints());
        return taints.stream()
                .filter(taint -> "NoExecute".equals(taint.getEffect()))
                .anyMatch(taint -> !Tolerations.tolerate(pod.getSpec().getTolerations(), taint));
    }

    private static Map<String, String> map(@Nullable Map<String, String> map) {
        return Objects.requireNonNullElse(map, Map.of());
    }

    private static <T> List<T> list(@Nullable List<T> list) {
        return Objects.requireNonNullElse(list, List.of());
    }
}
