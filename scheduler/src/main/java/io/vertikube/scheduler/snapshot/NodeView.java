package io.vertikube.scheduler.snapshot;

import io.fabric8.kubernetes.api.model.ContainerImage;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import io.vertikube.value.Quantities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A node and the pods on it, with their sums. Immutable: a change is another view.
 *
 * @param allocatable what pods may take
 * @param podLimit how many pods may be there
 * @param affinePods those of the pods that want others near or far
 * @param images sizes in bytes by name
 */
public record NodeView(
        Node node,
        String name,
        Map<String, String> labels,
        List<Taint> taints,
        Resources allocatable,
        long podLimit,
        Map<String, Long> images,
        List<PodView> pods,
        List<PodView> affinePods,
        Resources requested,
        Resources assumed) {

    public NodeView {
        pods = List.copyOf(pods);
    }

    public static NodeView of(Node node, List<PodView> pods) {
        Map<String, String> labels = node.getMetadata().getLabels();
        Map<String, Quantity> allocatable =
                node.getStatus() == null ? null : node.getStatus().getAllocatable();
        Quantity limit = allocatable == null ? null : allocatable.get("pods");
        Resources requested = Resources.NONE;
        Resources assumed = Resources.NONE;
        for (PodView pod : pods) {
            requested = requested.plus(pod.requested());
            assumed = assumed.plus(pod.assumed());
        }
        return new NodeView(
                node,
                node.getMetadata().getName(),
                labels == null ? Map.of() : Map.copyOf(labels),
                node.getSpec() == null ? List.of() : List.copyOf(node.getSpec().getTaints()),
                Resources.of(allocatable),
                limit == null ? 0 : Quantities.value(limit.toString()),
                images(node),
                pods,
                affine(pods),
                requested,
                assumed);
    }

    public NodeView with(PodView pod) {
        var more = new ArrayList<PodView>(pods.size() + 1);
        more.addAll(pods);
        more.add(pod);
        return withPods(more, requested.plus(pod.requested()), assumed.plus(pod.assumed()));
    }

    public NodeView without(PodView pod) {
        var fewer = new ArrayList<PodView>(pods.size());
        pods.stream().filter(other -> !other.key().equals(pod.key())).forEach(fewer::add);
        return fewer.size() == pods.size()
                ? this
                : withPods(fewer, requested.minus(pod.requested()), assumed.minus(pod.assumed()));
    }

    public boolean unschedulable() {
        return node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable());
    }

    private NodeView withPods(List<PodView> newPods, Resources newRequested, Resources newAssumed) {
        return new NodeView(
                node,
                name,
                labels,
                taints,
                allocatable,
                podLimit,
                images,
                newPods,
                affine(newPods),
                newRequested,
                newAssumed);
    }

    private static List<PodView> affine(List<PodView> pods) {
        for (PodView pod : pods) {
            if (pod.hasAffinity()) {
                return pods.stream().filter(PodView::hasAffinity).toList();
            }
        }
        return List.of();
    }

    private static Map<String, Long> images(Node node) {
        if (node.getStatus() == null || node.getStatus().getImages().isEmpty()) {
            return Map.of();
        }
        var sizes = new HashMap<String, Long>();
        for (ContainerImage image : node.getStatus().getImages()) {
            image.getNames().forEach(name -> sizes.put(name, image.getSizeBytes() == null ? 0L : image.getSizeBytes()));
        }
        return Map.copyOf(sizes);
    }
}
