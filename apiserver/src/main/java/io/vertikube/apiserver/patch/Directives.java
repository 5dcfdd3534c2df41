package io.vertikube.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The words that a strategic merge patch says beside its data. Safe for any thread. */
final class Directives {

    /** On a map, or on an item of a merged list: {@code merge}, {@code replace} or {@code delete}. */
    static final String PATCH = "$patch";

    /** On a map: the only keys that may stay. */
    static final String RETAIN_KEYS = "$retainKeys";

    /** {@code $setElementOrder/<list>}: the order that the list shall have. */
    static final String SET_ELEMENT_ORDER = "$setElementOrder/";

    /** {@code $deleteFromPrimitiveList/<list>}: values to take out of a list. */
    static final String DELETE_FROM_PRIMITIVE_LIST = "$deleteFromPrimitiveList/";

    private Directives() {}

    /** Whether the key of a patch is a word of the patch rather than a field. */
    static boolean isDirective(String key) {
        return key.equals(PATCH)
                || key.equals(RETAIN_KEYS)
                || key.startsWith(SET_ELEMENT_ORDER)
                || key.startsWith(DELETE_FROM_PRIMITIVE_LIST);
    }

    static RuntimeException unknown(String directive, JsonNode map) {
        return PatchErrors.plain500("unknown patch type: " + directive + " in map: " + shown(map));
    }

    static RuntimeException noMergeKey(String mergeKey, JsonNode map) {
        return PatchErrors.plain500("map: " + shown(map) + " does not contain declared merge key: " + mergeKey);
    }

    /** As Kubernetes shows values of a patch: {@code map[a:1 b:[x y]]}, by key. */
    private static String shown(JsonNode value) {
        if (value.isObject()) {
            var sorted = new TreeMap<String, JsonNode>();
            value.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
            return sorted.entrySet().stream()
                    .map(field -> field.getKey() + ":" + shown(field.getValue()))
                    .collect(Collectors.joining(" ", "map[", "]"));
        }
        if (value.isArray()) {
            return value.valueStream().map(Directives::shown).collect(Collectors.joining(" ", "[", "]"));
        }
        return value.isNull() ? "<nil>" : value.asText();
    }
}
