package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** No pod is bound to two nodes: a pod that has a node keeps it. Stateless. */
final class OneNodeForEver implements Invariant {

    @Override
    public String name() {
        return "one node for ever";
    }

    @Override
    public List<Finding> changed(Change change, State state) {
        JsonNode before = change.before();
        JsonNode after = change.after();
        if (!change.id().plural().equals("pods") || before == null || after == null) {
            return List.of();
        }
        String was = Objects.node(before);
        boolean moved =
                Objects.uid(before).equals(Objects.uid(after)) && !was.isEmpty() && !was.equals(Objects.node(after));
        return moved
                ? List.of(new Finding(change.id(), "was bound to " + was + ", now to " + Objects.node(after)))
                : List.of();
    }
}
