package io.vertikube.catalog;

import io.vertikube.object.Gvk;
import java.util.Set;

/** A part of an object with a URL of its own, such as {@code status}, and the kind that is sent there. Immutable. */
public record Subresource(String name, Gvk kind, Set<String> verbs) {

    public Subresource {
        verbs = Set.copyOf(verbs);
    }
}
