package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** When a namespace is gone nothing is left of what was in it, and nothing comes to be where one was. Confined to the history's lock. */
final class NamespacesTakeAllWithThem implements Invariant {

    private final Set<String> gone = new HashSet<>();

    @Override
    public String name() {
        return "namespaces take all with them";
    }

    @Override
    public List<Finding> changed(Change change, State state) {
        ObjectId id = change.id();
        var found = new ArrayList<Finding>();
        if (id.plural().equals("namespaces")) {
            if (change.after() != null) {
                gone.remove(id.name());
                return found;
            }
            gone.add(id.name());
            for (String plural : state.plurals()) {
                for (ObjectId left : state.all(plural).keySet()) {
                    if (left.namespace().equals(id.name())) {
                        found.add(new Finding(left, "is still there, its namespace is gone"));
                    }
                }
            }
        } else if (change.before() == null && gone.contains(id.namespace())) {
            found.add(new Finding(id, "was created in a namespace that is gone"));
        }
        return found;
    }

    @Override
    public List<Finding> unmet(State state) {
        var open = new ArrayList<Finding>();
        for (Map.Entry<ObjectId, JsonNode> namespace : state.all("namespaces").entrySet()) {
            if (Objects.ending(namespace.getValue())) {
                open.add(new Finding(namespace.getKey(), "was deleted and is still there"));
            }
        }
        return open;
    }
}
