package io.vertikube.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.format.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A rule's {@code fieldPath}: {@code .spec.map['key']}, which has to lead to a declared field. Immutable. */
record RulePath(List<Step> steps) {

    /** @param key whether it is a key of a map, rather than a property */
    record Step(String name, boolean key) {}

    /** Empty if the text is no path, or leads nowhere in the schema. */
    static Optional<RulePath> of(String text, JsonNode schema) {
        List<Step> steps = new ArrayList<>();
        JsonNode node = schema;
        int at = 0;
        while (at < text.length()) {
            String name;
            if (text.startsWith("['", at)) {
                int end = text.indexOf("']", at);
                if (end < 0) {
                    return Optional.empty();
                }
                name = text.substring(at + 2, end).replace("\\'", "'");
                at = end + 2;
            } else if (text.charAt(at) == '.') {
                int end = at + 1;
                while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
                    end++;
                }
                name = text.substring(at + 1, end);
                at = end;
            } else {
                return Optional.empty();
            }
            if (node.path("properties").has(name)) {
                node = node.path("properties").path(name);
                steps.add(new Step(name, false));
            } else if (node.path("additionalProperties").isObject() && !name.isEmpty()) {
                node = node.path("additionalProperties");
                steps.add(new Step(name, true));
            } else {
                return Optional.empty();
            }
        }
        return steps.isEmpty() ? Optional.empty() : Optional.of(new RulePath(List.copyOf(steps)));
    }

    Path below(Path path) {
        Path at = path;
        for (Step step : steps) {
            at = step.key ? at.key(step.name) : at.field(step.name);
        }
        return at;
    }
}
