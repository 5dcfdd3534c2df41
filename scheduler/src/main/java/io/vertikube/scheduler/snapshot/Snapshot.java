package io.vertikube.scheduler.snapshot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All nodes with their pods at one moment. Immutable, but for {@link #surroundings()}, which are as of now. */
public final class Snapshot {

    private final List<NodeView> nodes;
    private final Map<String, Integer> positions;
    private final Map<String, List<PodView>> nominated;
    private final Surroundings surroundings;

    private Snapshot(
            List<NodeView> nodes,
            Map<String, Integer> positions,
            Map<String, List<PodView>> nominated,
            Surroundings surroundings) {
        this.nodes = nodes;
        this.positions = positions;
        this.nominated = nominated;
        this.surroundings = surroundings;
    }

    /**
     * A picture.
     *
     * @param nominated pods by the node on which others had to make room for them
     */
    public static Snapshot of(List<NodeView> nodes, Map<String, List<PodView>> nominated, Surroundings surroundings) {
        var positions = new HashMap<String, Integer>(nodes.size() * 2);
        for (int i = 0; i < nodes.size(); i++) {
            positions.put(nodes.get(i).name(), i);
        }
        return new Snapshot(List.copyOf(nodes), positions, Map.copyOf(nominated), surroundings);
    }

    public static Snapshot of(List<NodeView> nodes) {
        return of(nodes, Map.of(), Surroundings.none());
    }

    public List<NodeView> nodes() {
        return nodes;
    }

    public @Nullable NodeView node(String name) {
        Integer position = positions.get(name);
        return position == null ? null : nodes.get(position);
    }

    public List<PodView> nominatedTo(String node) {
        return nominated.getOrDefault(node, List.of());
    }

    public Map<String, String> namespaceLabels(String namespace) {
        return surroundings.namespaceLabels(namespace);
    }

    public Surroundings surroundings() {
        return surroundings;
    }

    /** The same with one node seen otherwise. */
    public Snapshot with(NodeView node) {
        Integer position = positions.get(node.name());
        if (position == null) {
            throw new IllegalArgumentException("no node " + node.name());
        }
        var changed = new ArrayList<>(nodes);
        changed.set(position, node);
        return new Snapshot(changed, positions, nominated, surroundings);
    }
}
