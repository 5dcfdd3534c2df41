package io.vertikube.apiserver.storage.embedded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Which revisions each key has had: ascending, a delete as a negative number. Written by one thread at a time, read by
 * any.
 */
final class VersionIndex {

    private final ConcurrentSkipListMap<String, long[]> versions = new ConcurrentSkipListMap<>();

    void add(Change change) {
        long version = change.isDelete() ? -change.revision() : change.revision();
        long[] before = versions.get(change.key());
        long[] after;
        if (before == null) {
            after = new long[] {version};
        } else {
            after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = version;
        }
        versions.put(change.key(), after);
    }

    /** The revision of the write that makes up the key as of a revision; 0 if it did not exist then. */
    long at(String key, long revision) {
        return at(versions.get(key), revision);
    }

    private static long at(long @Nullable [] history, long revision) {
        if (history != null) {
            for (int i = history.length - 1; i >= 0; i--) {
                if (Math.abs(history[i]) <= revision) {
                    return Math.max(0, history[i]);
                }
            }
        }
        return 0;
    }

    /** The revisions of at most so many keys with the prefix that existed as of a revision, in order of the keys. */
    List<Long> range(String prefix, @Nullable String startAfter, int limit, long revision) {
        var found = new ArrayList<Long>();
        boolean fromStart = startAfter == null || startAfter.compareTo(prefix) < 0;
        var tail = fromStart ? versions.tailMap(prefix, true) : versions.tailMap(startAfter, false);
        for (var entry : tail.entrySet()) {
            if (!entry.getKey().startsWith(prefix) || found.size() == limit) {
                break;
            }
            long version = at(entry.getValue(), revision);
            if (version != 0) {
                found.add(version);
            }
        }
        return found;
    }

    /** Keys that have something to forget at or before a revision, from a key (exclusive) on; at most so many. */
    List<String> stale(String after, int limit, long revision) {
        var keys = new ArrayList<String>();
        for (var entry : versions.tailMap(after, false).entrySet()) {
            if (keys.size() == limit) {
                break;
            }
            if (firstKept(entry.getValue(), revision) > 0) {
                keys.add(entry.getKey());
            }
        }
        return keys;
    }

    /** Drops what was overwritten or deleted at or before a revision, and returns the revisions dropped. */
    List<Long> compact(String key, long revision) {
        long[] history = versions.get(key);
        if (history == null) {
            return List.of();
        }
        int kept = firstKept(history, revision);
        if (kept == history.length) {
            versions.remove(key);
        } else if (kept > 0) {
            versions.put(key, Arrays.copyOfRange(history, kept, history.length));
        }
        var dropped = new ArrayList<Long>();
        for (int i = 0; i < kept; i++) {
            dropped.add(Math.abs(history[i]));
        }
        return dropped;
    }

    private static int firstKept(long[] history, long revision) {
        int last = -1;
        while (last + 1 < history.length && Math.abs(history[last + 1]) <= revision) {
            last++;
        }
        if (last < 0) {
            return 0;
        }
        return history[last] < 0 ? last + 1 : last;
    }
}
