package io.vertikube.apiserver.resource.scheduling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import java.util.List;

/** The rules of priority classes, whose value never changes. Pure. */
public final class PriorityClassStrategy implements Strategy {

    private static final int HIGHEST_OF_USERS = 1_000_000_000;
    private static final List<String> SYSTEM = List.of("system-node-critical", "system-cluster-critical");

    @Override
    public void applyDefaults(ObjectNode priority) {
        Trees.setIfAbsent(priority, "preemptionPolicy", "PreemptLowerPriority");
    }

    @Override
    public List<FieldError> validate(ObjectNode priority) {
        var problems = new Problems();
        Place root = Place.root(priority);
        Place name = root.get("metadata", "name");
        if (name.text().startsWith("system-")) {
            if (!SYSTEM.contains(name.text())) {
                problems.forbidden(
                        name,
                        "priority class names with 'system-' prefix are reserved for system use only. error: "
                                + name.text() + " is not a known system priority class");
            }
        } else if (root.number("value", 0) > HIGHEST_OF_USERS) {
            problems.forbidden(
                    root.get("value"), "maximum allowed value of a user defined priority is " + HIGHEST_OF_USERS);
        }
        problems.supportedIfAny(root.get("preemptionPolicy"), List.of("Never", "PreemptLowerPriority"));
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode priority, ObjectNode old) {
        var problems = new Problems();
        Place root = Place.root(priority);
        if (!Trees.same(priority, old, "value")) {
            problems.forbidden(root.get("value"), "may not be changed in an update.");
        }
        problems.immutable(root.get("preemptionPolicy"), Place.root(old).get("preemptionPolicy"));
        return problems.list();
    }
}
