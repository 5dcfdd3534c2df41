package io.vertikube.proxy.rules;

import java.util.Map;

/**
 * A set or map of the table. Immutable.
 *
 * @param type the text behind {@code typeof}, with the value's type behind a colon for a map
 * @param options further lines of the declaration, each without the semicolon, such as {@code flags dynamic,timeout}
 * @param elements keys with their values; the value is empty in a set. A set that the kernel fills has none here
 */
public record ElementSet(boolean map, String type, java.util.List<String> options, Map<String, String> elements) {

    public ElementSet {
        options = java.util.List.copyOf(options);
        elements = Map.copyOf(elements);
    }

    /** Whether two have the same declaration, so that only elements need to change. */
    public boolean declaredLike(ElementSet other) {
        return map == other.map && type.equals(other.type) && options.equals(other.options);
    }
}
