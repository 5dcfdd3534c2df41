package io.vertikube.value;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A parsed field selector: all requirements must hold; an absent field counts as empty. Immutable. */
public record FieldRequirements(List<Requirement> requirements) implements Selector {

    /** One requirement on one field, by dotted path. */
    public record Requirement(String field, boolean equal, String value) {

        boolean matches(Map<String, String> fields) {
            return fields.getOrDefault(field, "").equals(value) == equal;
        }
    }

    public FieldRequirements {
        requirements = List.copyOf(requirements);
    }

    @Override
    public boolean matches(Map<String, String> fields) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(fields)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean matchesEverything() {
        return requirements.isEmpty();
    }

    /** The form that a URL's {@code fieldSelector} takes. */
    @Override
    public String toString() {
        return requirements.stream()
                .map(r -> r.field() + (r.equal() ? "=" : "!=") + r.value())
                .collect(Collectors.joining(","));
    }
}
