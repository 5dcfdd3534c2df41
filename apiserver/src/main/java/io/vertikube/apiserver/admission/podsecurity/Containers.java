package io.vertikube.apiserver.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A pod's containers of all sorts, and how sentences name some of them. Pure. */
final class Containers {

    private Containers() {}

    static List<JsonNode> of(JsonNode spec) {
        var containers = new ArrayList<JsonNode>();
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            spec.path(list).forEach(containers::add);
        }
        return containers;
    }

    static List<String> named(JsonNode spec, Predicate<JsonNode> which) {
        return of(spec).stream()
                .filter(which)
                .map(container -> container.path("name").asText())
                .toList();
    }

    /** {@code container "a"}, {@code containers "a", "b"}. */
    static String some(String what, Collection<String> names) {
        return what + (names.size() > 1 ? "s " : " ") + quoted(names);
    }

    static String quoted(Collection<String> texts) {
        return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(", "));
    }

    /** A violation by the containers that are as they must not be, if there are any. */
    static Optional<Violation> violation(JsonNode spec, String reason, String sentence, Predicate<JsonNode> which) {
        List<String> names = named(spec, which);
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation(reason, some("container", names) + " " + sentence));
    }

    static boolean onWindows(JsonNode spec) {
        return spec.path("os").path("name").asText().equals("windows");
    }
}
