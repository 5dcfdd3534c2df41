package io.vertikube.apiserver.storage;

import org.jspecify.annotations.Nullable;

/**
 * A change as the cache saw it. Immutable.
 *
 * @param object the object after the change; for a delete the last object, with the revision of the delete
 * @param previous the object before the change, null if there was none; with it a watcher knows whether an object
 *     entered or left its selection
 */
public record WatchEvent(
        Type type, StoredObject object, @Nullable StoredObject previous) {

    /** PUT is a creation when there is no previous object, else a change. */
    public enum Type {
        PUT,
        DELETE
    }

    public boolean isCreation() {
        return type == Type.PUT && previous == null;
    }

    public long revision() {
        return object.revision();
    }
}
