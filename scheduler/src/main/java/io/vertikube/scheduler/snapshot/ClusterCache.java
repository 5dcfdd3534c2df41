package io.vertikube.scheduler.snapshot;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.object.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Follows nodes and pods, and believes placements before the API server has told them back ("assumed"). A picture costs
 * one copy of the list of nodes, and nothing while nothing changes. Safe for any thread.
 */
public final class ClusterCache {

    private final Surroundings surroundings;
    private final TreeMap<String, NodeView> nodes = new TreeMap<>();
    private final Map<ObjectKey, Placement> placed = new HashMap<>();
    private final Map<String, Map<ObjectKey, PodView>> homeless = new HashMap<>();
    private final Map<ObjectKey, PodView> nominated = new LinkedHashMap<>();
    private @Nullable Snapshot current;

    private record Placement(PodView pod, String node, boolean assumed) {}

    public ClusterCache(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    public synchronized Snapshot snapshot() {
        Snapshot now = current;
        if (now == null) {
            var byNode = new HashMap<String, List<PodView>>();
            nominated
                    .values()
                    .forEach(pod -> byNode.computeIfAbsent(pod.nominatedNode(), n -> new ArrayList<>())
                            .add(pod));
            now = Snapshot.of(new ArrayList<>(nodes.values()), byNode, surroundings);
            current = now;
        }
        return now;
    }

    public synchronized void putNode(Node node) {
        String name = node.getMetadata().getName();
        NodeView before = nodes.get(name);
        List<PodView> pods = before == null
                ? new ArrayList<>(homeless.getOrDefault(name, Map.of()).values())
                : before.pods();
        homeless.remove(name);
        nodes.put(name, NodeView.of(node, pods));
        current = null;
    }

    public synchronized void removeNode(String name) {
        NodeView gone = nodes.remove(name);
        if (gone != null && !gone.pods().isEmpty()) {
            var pods = new LinkedHashMap<ObjectKey, PodView>();
            gone.pods().forEach(pod -> pods.put(pod.key(), pod));
            homeless.put(name, pods);
        }
        current = null;
    }

    /** Takes in what the API says of a pod that has a node. */
    public synchronized void putPod(Pod pod) {
        PodView view = PodView.of(pod);
        takeOut(view.key());
        nominated.remove(view.key());
        place(view, view.nodeName(), false);
    }

    /** Forgets a pod, however it was known. */
    public synchronized void removePod(ObjectKey key) {
        nominated.remove(key);
        takeOut(key);
        current = null;
    }

    /** Believes that a pod will be on a node. */
    public synchronized void assume(PodView pod, String node) {
        takeOut(pod.key());
        nominated.remove(pod.key());
        place(pod, node, true);
    }

    /** Takes a belief back, unless the API has confirmed it meanwhile. */
    public synchronized void forget(ObjectKey key) {
        Placement placement = placed.get(key);
        if (placement != null && placement.assumed) {
            takeOut(key);
            current = null;
        }
    }

    public synchronized boolean isAssumed(ObjectKey key) {
        Placement placement = placed.get(key);
        return placement != null && placement.assumed;
    }

    /** Notes on which node room is being made for a waiting pod; none if it names none. */
    public synchronized void nominate(PodView pod) {
        if (pod.nominatedNode().isEmpty()) {
            if (nominated.remove(pod.key()) != null) {
                current = null;
            }
        } else if (!placed.containsKey(pod.key())) {
            nominated.put(pod.key(), pod);
            current = null;
        }
    }

    private void place(PodView pod, String node, boolean assumed) {
        placed.put(pod.key(), new Placement(pod, node, assumed));
        NodeView view = nodes.get(node);
        if (view == null) {
            homeless.computeIfAbsent(node, n -> new LinkedHashMap<>()).put(pod.key(), pod);
        } else {
            nodes.put(node, view.with(pod));
        }
        current = null;
    }

    private void takeOut(ObjectKey key) {
        Placement before = placed.remove(key);
        if (before == null) {
            return;
        }
        NodeView view = nodes.get(before.node);
        if (view != null) {
            nodes.put(before.node, view.without(before.pod));
        } else {
            homeless.computeIfPresent(before.node, (n, pods) -> {
                pods.remove(key);
                return pods.isEmpty() ? null : pods;
            });
        }
    }
}
