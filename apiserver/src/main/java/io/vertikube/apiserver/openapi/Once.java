package io.vertikube.apiserver.openapi;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a value when first asked and gives the same one ever after. Safe for any thread. */
public final class Once<T> implements Supplier<T> {

    private final Supplier<T> make;
    private volatile @Nullable T value;

    public Once(Supplier<T> make) {
        this.make = make;
    }

    @Override
    public T get() {
        T known = value;
        if (known == null) {
            synchronized (this) {
                known = value;
                if (known == null) {
                    known = make.get();
                    value = known;
                }
            }
        }
        return known;
    }
}
