package io.vertikube.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;

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
        return PatchErrors.plain500("unknown patch type: " + directive + " in map: " + map);
    }

    static RuntimeException noMergeKey(String mergeKey, JsonNode map) {
        return PatchErrors.plain500("map: " + map + " does not contain declared merge key: " + mergeKey);
    }
}
