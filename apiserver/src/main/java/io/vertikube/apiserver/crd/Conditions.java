package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The conditions of a definition's status. Pure but for the tree it is given. */
final class Conditions {

    private Conditions() {}

    static Optional<ObjectNode> find(ObjectNode definition, String type) {
        return Trees.objects(definition.path("status"), "conditions").stream()
                .filter(c -> c.path("type").asText().equals(type))
                .findFirst();
    }

    /** Sets a condition; its time of transition changes with its status only. */
    static void set(ObjectNode definition, String type, boolean status, String reason, String message, Instant now) {
        ArrayNode conditions = Trees.array(Trees.object(definition, "status"), "conditions");
        ObjectNode condition = find(definition, type).orElseGet(() -> conditions.addObject());
        String value = status ? "True" : "False";
        if (!condition.path("status").asText().equals(value)) {
            condition.put(
                    "lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        condition.put("message", message);
        condition.put("reason", reason);
        condition.put("status", value);
        condition.put("type", type);
    }

    static void remove(ObjectNode definition, String type) {
        if (definition.path("status").path("conditions") instanceof ArrayNode conditions) {
            for (int i = conditions.size() - 1; i >= 0; i--) {
                if (conditions.get(i).path("type").asText().equals(type)) {
                    conditions.remove(i);
                }
            }
        }
    }
}
