package io.vertikube.client;

/**
 * One event of a watch. An ERROR never gets here: it is thrown as {@link io.vertikube.object.ApiException}. Immutable.
 *
 * @param object the object after the change, or as it was last for DELETED; of a BOOKMARK only the revision counts
 */
public record WatchEvent<T>(Type type, T object) {

    /** The words on the wire. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK
    }
}
