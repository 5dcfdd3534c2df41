package io.vertikube.kubelet.admission;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.vertikube.kubelet.pod.PodOrigin;
import io.vertikube.value.LabelRequirements;
import io.vertikube.value.Selectors;
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

    /** Whether it is for another operating system. */
    static Optional<Misfit> otherSystem(Pod pod, Node node) {
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
        return Optional.empty();
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
        if (!allows(pod, node)) {
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

    private static boolean allows(Pod pod, Node node) {
        Map<String, String> labels = map(node.getMetadata().getLabels());
        for (Map.Entry<String, String> wanted :
                map(pod.getSpec().getNodeSelector()).entrySet()) {
            if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        var affinity = pod.getSpec().getAffinity();
        var required = affinity == null || affinity.getNodeAffinity() == null
                ? null
                : affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
        return required == null
                || list(required.getNodeSelectorTerms()).stream()
                        .anyMatch(term -> matches(term, node.getMetadata().getName(), labels));
    }

    /** A term without requirements matches nothing. */
    private static boolean matches(NodeSelectorTerm term, String name, Map<String, String> labels) {
        List<NodeSelectorRequirement> expressions = list(term.getMatchExpressions());
        List<NodeSelectorRequirement> fields = list(term.getMatchFields());
        return (!expressions.isEmpty() || !fields.isEmpty())
                && requirements(expressions).matches(labels)
                && requirements(fields).matches(Map.of("metadata.name", name));
    }

    private static LabelRequirements requirements(List<NodeSelectorRequirement> expressions) {
        return new LabelRequirements(expressions.stream()
                .map(one -> new LabelRequirements.Requirement(
                        one.getKey(), Selectors.operator(one.getOperator()), Set.copyOf(list(one.getValues()))))
                .toList());
    }

    private static boolean isDrivenOut(Pod pod, Node node) {
        List<Taint> taints =
                node.getSpec() == null ? List.of() : list(node.getSpec().getTaints());
        List<Toleration> tolerations = list(pod.getSpec().getTolerations());
        return taints.stream()
                .filter(taint -> "NoExecute".equals(taint.getEffect()))
                .anyMatch(taint -> tolerations.stream().noneMatch(one -> tolerates(one, taint)));
    }

    private static boolean tolerates(Toleration toleration, Taint taint) {
        String key = text(toleration.getKey());
        String effect = text(toleration.getEffect());
        if ((!effect.isEmpty() && !effect.equals(taint.getEffect()))
                || (!key.isEmpty() && !key.equals(taint.getKey()))) {
            return false;
        }
        return "Exists".equals(toleration.getOperator())
                || (!key.isEmpty() && text(toleration.getValue()).equals(text(taint.getValue())));
    }

    private static String text(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }

    private static Map<String, String> map(@Nullable Map<String, String> map) {
        return Objects.requireNonNullElse(map, Map.of());
    }

    private static <T> List<T> list(@Nullable List<T> list) {
        return Objects.requireNonNullElse(list, List.of());
    }
}
