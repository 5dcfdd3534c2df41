package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.ResourceType;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Deletes every object of a type whose definition goes: at once where nothing holds it, else it is marked and waits for
 * its finalizers. Blocks; safe for any virtual thread.
 */
public final class InstanceRemoval {

    private static final int AT_ONCE = 16;

    private final ObjectStorage storage;
    private final InstantSource clock;

    public InstanceRemoval(ObjectStorage storage, InstantSource clock) {
        this.storage = storage;
        this.clock = clock;
    }

    /**
     * Begins the end of all that is stored under a prefix. What others change meanwhile is left for the next time.
     *
     * @return how many are left
     */
    public int removeAll(ResourceType type, String prefix) {
        var room = new Semaphore(AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (StoredObject object :
                    storage.snapshot(Read.latest()).under(prefix).values()) {
                room.acquireUninterruptibly();
                threads.execute(() -> {
                    try {
                        remove(type, object);
                    } finally {
                        room.release();
                    }
                });
            }
        }
        return storage.snapshot(Read.latest()).under(prefix).size();
    }

    private void remove(ResourceType type, StoredObject object) {
        try {
            switch (Deletion.plan(type, object.tree(), DeleteOptions.NONE, 0, clock.instant())) {
                case Deletion.Pending pending -> {}
                case Deletion.Mark(ObjectNode marked) -> storage.update(object.key(), object.revision(), marked);
                case Deletion.Remove gone -> storage.delete(object.key(), object.revision());
            }
        } catch (RevisionMismatch e) {
            // Somebody else wrote to it or removed it: the next look decides again.
            return;
        }
    }
}
