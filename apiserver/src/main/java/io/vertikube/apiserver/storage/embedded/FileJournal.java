package io.vertikube.apiserver.storage.embedded;

import io.vertikube.apiserver.storage.StoreUnavailable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.function.Consumer;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/**
 * Changes in one file of H2's MVStore: a log-structured tree that never writes over what it still needs, so that a crash
 * at any moment leaves the last commit readable. Nothing is committed behind our back: the writing thread alone commits,
 * and a commit ends with an fsync. Written by one thread at a time, read by any that is never interrupted: an interrupt
 * during a read would close the file.
 */
final class FileJournal implements Journal {

    private static final String COMPACTED = "compacted";
    private static final int CACHE_MIB = 8;
    private static final int RETENTION_MILLIS = 5_000;
    private static final int TIDY_FILL_PERCENT = 60;
    private static final int TIDY_BYTES = 16 << 20;

    private final Path file;
    private final MVStore store;
    private final MVMap<Long, Change> changes;
    private final MVMap<String, Long> facts;
    private boolean unsaved;

    private FileJournal(Path file, MVStore store) {
        this.file = file;
        this.store = store;
        this.changes = store.openMap(
                "changes",
                new MVMap.Builder<Long, Change>().keyType(LongDataType.INSTANCE).valueType(new ChangeType()));
        this.facts = store.openMap(
                "facts",
                new MVMap.Builder<String, Long>()
                        .keyType(StringDataType.INSTANCE)
                        .valueType(LongDataType.INSTANCE));
    }

    /** Opens or creates the file; a directory that is missing is made. */
    static FileJournal open(Path file) {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
            MVStore store = new MVStore.Builder()
                    .fileName(absolute.toString())
                    .autoCommitDisabled()
                    .autoCommitBufferSize(0)
                    .cacheSize(CACHE_MIB)
                    .open();
            store.setRetentionTime(RETENTION_MILLIS);
            store.setVersionsToKeep(0);
            var journal = new FileJournal(absolute, store);
            if (folder != null) {
                syncFolder(folder);
            }
            return journal;
        } catch (IOException | MVStoreException e) {
            throw new StoreUnavailable(
                    "cannot open the store file " + absolute + ": " + e.getMessage()
                            + "; if another server uses it, stop that one; if it is damaged, put a backup in its place",
                    e);
        }
    }

    /** Makes the file's name itself survive a power failure. */
    private static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public void append(Change change) {
        unsaved = true;
        changes.put(change.revision(), change);
    }

    @Override
    public void commit() {
        if (unsaved) {
            store.commit();
            store.sync();
            unsaved = false;
        }
    }

    @Override
    public @Nullable Change at(long revision) {
        return changes.get(revision);
    }

    @Override
    public void forget(Collection<Long> revisions) {
        unsaved = true;
        revisions.forEach(changes::remove);
    }

    @Override
    public long compacted() {
        return facts.getOrDefault(COMPACTED, 0L);
    }

    @Override
    public void setCompacted(long revision) {
        unsaved = true;
        facts.put(COMPACTED, revision);
    }

    @Override
    public long newest() {
        Long last = changes.lastKey();
        long kept = last == null ? EmbeddedStore.FIRST_REVISION : last;
        return Math.max(kept, compacted());
    }

    @Override
    public void replay(Consumer<Change> each) {
        try {
            changes.values().forEach(each);
        } catch (MVStoreException e) {
            throw new StoreUnavailable(
                    "the store file " + file + " is damaged (" + e.getMessage()
                            + "): stop the server, keep the file for inspection, and put a backup in its place",
                    e);
        }
    }

    @Override
    public void tidy() {
        unsaved = true;
        store.compact(TIDY_FILL_PERCENT, TIDY_BYTES);
    }

    @Override
    public void close() {
        store.close();
    }
}
