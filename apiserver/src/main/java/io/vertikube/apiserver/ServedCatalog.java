package io.vertikube.apiserver;

import io.vertikube.catalog.Catalog;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The catalogue as it is now: the built-in rows and those that definitions have added. Safe for any thread. */
final class ServedCatalog implements Supplier<Catalog> {

    private volatile Catalog current = Catalog.builtIn();

    @Override
    public Catalog get() {
        return current;
    }

    /** Adds or removes rows; changes that come at the same time are done one after another. */
    synchronized void change(UnaryOperator<Catalog> by) {
        current = by.apply(current);
    }
}
