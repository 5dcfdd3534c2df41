package io.vertikube.kubelet.pod;

import org.jspecify.annotations.Nullable;

/**
 * Whether the runtime's lists of all pods say something of one pod that its worker has not seen itself. A list that ended
 * before the worker's last look began tells nothing newer; what a list had and a look did not find is looked for once.
 * Marks are {@link RuntimePod#mark}, times {@link System#nanoTime}. Safe for any thread.
 */
final class RuntimeNews {

    private int seen;
    private long lookedAt = System.nanoTime();
    private @Nullable Integer listed;
    private long listedAt;
    private @Nullable Integer lookedFor;

    /** The worker looked, beginning then, and found this. */
    synchronized void looked(long began, int mark) {
        lookedAt = began;
        seen = mark;
    }

    /** A list that was complete then had this; answers whether that is news. */
    synchronized boolean listed(int mark, long at) {
        listed = mark;
        listedAt = at;
        if (lookedFor != null && lookedFor != mark) {
            lookedFor = null;
        }
        return areNew();
    }

    /** Whether there is reason to look. */
    synchronized boolean areNew() {
        return listed != null && listed != seen && !listed.equals(lookedFor) && listedAt - lookedAt > 0;
    }

    /** The same, and what there is will have been looked for. */
    synchronized boolean take() {
        boolean reason = areNew();
        if (reason) {
            lookedFor = listed;
        }
        return reason;
    }
}
