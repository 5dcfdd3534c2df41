package io.vertikube.apiserver.storage.embedded;

import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where changes are kept by revision. One thread at a time writes; any thread reads, and sees what was appended even
 * before it is durable.
 */
interface Journal extends AutoCloseable {

    /** Whether {@link #commit} waits for a disk, so that it pays to gather writes before it. */
    boolean isDurable();

    void append(Change change);

    /** Returns when all that was appended or forgotten will survive a crash. */
    void commit();

    /** The change with this revision; null if there is none, or it has been forgotten. */
    @Nullable
    Change at(long revision);

    void forget(Collection<Long> revisions);

    /** The revision of the last compaction, 0 if there was none. */
    long compacted();

    void setCompacted(long revision);

    /** The newest revision ever given out. */
    long newest();

    /** Every change kept, in order. */
    void replay(Consumer<Change> each);

    /** Gives space back that forgotten changes took; may take a while. */
    void tidy();

    @Override
    void close();
}
