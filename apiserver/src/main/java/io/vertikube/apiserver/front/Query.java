package io.vertikube.apiserver.front;

import io.vertikube.object.ApiErrors;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.OptionalLong;

/** The parameters of a URL, read as the API reads them. Immutable once the request has arrived. */
public final class Query {

    private final MultiMap parameters;

    public Query(MultiMap parameters) {
        this.parameters = parameters;
    }

    /** The first value of a parameter; empty if there is none. */
    public String text(String name) {
        String value = parameters.get(name);
        return value == null ? "" : value;
    }

    public List<String> all(String name) {
        return parameters.getAll(name);
    }

    public boolean has(String name) {
        return parameters.contains(name);
    }

    /** A switch: there, and neither {@code false} nor {@code 0}. */
    public boolean flag(String name) {
        String value = parameters.get(name);
        return value != null && !value.equals("false") && !value.equals("0");
    }

    /** A whole number; 400 for anything else. */
    public OptionalLong number(String name) {
        String value = text(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(value));
        } catch (NumberFormatException e) {
            String why = value.matches("[+-]?[0-9]+") ? "value out of range" : "invalid syntax";
            throw ApiErrors.badRequest("strconv.ParseInt: parsing \"" + value + "\": " + why + " (" + name + ")");
        }
    }

    /** Whether nothing is to be stored; the value itself is checked by whoever knows the options' kind. */
    public boolean dryRun() {
        return parameters.getAll("dryRun").contains("All");
    }

    MultiMap parameters() {
        return parameters;
    }
}
