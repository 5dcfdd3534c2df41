package io.vertikube.apiserver.storage;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An update or delete met another revision than it expected, or no key at all. */
public final class RevisionMismatch extends StoreException {
    private static final long serialVersionUID = 1L;

    private final String key;
    private final transient @Nullable StoreEntry current;

    public RevisionMismatch(String key, long expected, @Nullable StoreEntry current) {
        super(
                key + " was expected at revision " + expected
                        + (current == null ? " but does not exist" : " but stands at " + current.revision()),
                null,
                false);
        this.key = key;
        this.current = current;
    }

    public String key() {
        return key;
    }

    /** What is there now; empty if the key is gone. */
    public Optional<StoreEntry> current() {
        return Optional.ofNullable(current);
    }
}
