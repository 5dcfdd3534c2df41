package io.vertikube.apiserver.schema;

import io.vertikube.object.Gvk;
import java.util.Optional;

/** The schema of a kind: where defaulting, pruning, patching and apply get their facts. Safe for any thread. */
@FunctionalInterface
public interface Schemas {

    /** The schema of an object of this kind from its root ({@code apiVersion}, {@code kind}, {@code metadata}, …). */
    Optional<Schema> of(Gvk type);

    /** These first, the others where these know nothing. */
    default Schemas or(Schemas others) {
        return type -> of(type).or(() -> others.of(type));
    }
}
