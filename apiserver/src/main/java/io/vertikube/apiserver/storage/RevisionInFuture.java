package io.vertikube.apiserver.storage;

/** The revision asked for has not been written yet. */
public final class RevisionInFuture extends StoreException {
    private static final long serialVersionUID = 1L;

    public RevisionInFuture(long revision, long current) {
        super("revision " + revision + " is in the future; the store stands at " + current, null, false);
    }
}
