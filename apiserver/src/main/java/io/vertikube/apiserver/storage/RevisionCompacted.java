package io.vertikube.apiserver.storage;

/** The history does not reach back that far any more. */
public final class RevisionCompacted extends StoreException {
    private static final long serialVersionUID = 1L;

    private final long compactedRevision;

    public RevisionCompacted(long revision, long compactedRevision) {
        super("revision " + revision + " is compacted away; history begins at " + compactedRevision, null, false);
        this.compactedRevision = compactedRevision;
    }

    public long compactedRevision() {
        return compactedRevision;
    }
}
