package io.vertikube.proxy.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chain of the table. Immutable.
 *
 * @param hook the base chain's type, hook and priority, or null for a chain that others jump to
 * @param rules in order, one statement line each
 */
public record Chain(@Nullable String hook, List<String> rules) {

    public Chain {
        rules = List.copyOf(rules);
    }

    static Chain of(String... rules) {
        return new Chain(null, List.of(rules));
    }
}
