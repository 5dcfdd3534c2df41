package io.vertikube.cache;

import org.jspecify.annotations.Nullable;

/** Told of every change to a cache, in order, on the cache's own thread: take note (enqueue a key) and return. */
@FunctionalInterface
public interface ChangeListener<T> {

    /**
     * @param before null if the object was not there
     * @param after null if it is gone
     */
    void changed(@Nullable T before, @Nullable T after);
}
