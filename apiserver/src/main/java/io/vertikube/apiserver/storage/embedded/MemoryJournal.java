package io.vertikube.apiserver.storage.embedded;

import java.util.Collection;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Changes that last as long as the process. Written by one thread at a time, read by any. */
final class MemoryJournal implements Journal {

    private final ConcurrentSkipListMap<Long, Change> changes = new ConcurrentSkipListMap<>();
    private volatile long compacted;
    private volatile long newest = EmbeddedStore.FIRST_REVISION;

    @Override
    public boolean isDurable() {
        return false;
    }

    @Override
    public void append(Change change) {
        changes.put(change.revision(), change);
        newest = change.revision();
    }

    @Override
    public void commit() {}

    @Override
    public @Nullable Change at(long revision) {
        return changes.get(revision);
    }

    @Override
    public void forget(Collection<Long> revisions) {
        revisions.forEach(changes::remove);
    }

    @Override
    public long compacted() {
        return compacted;
    }

    @Override
    public void setCompacted(long revision) {
        compacted = revision;
    }

    @Override
    public long newest() {
        return newest;
    }

    @Override
    public void replay(Consumer<Change> each) {
        changes.values().forEach(each);
    }

    @Override
    public void tidy() {}

    @Override
    public void close() {}
}
