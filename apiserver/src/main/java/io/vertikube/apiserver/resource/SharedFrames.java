package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.View;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.Gvk;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The latest events in protobuf, so that each is encoded once and not for every watcher that it is told to. A fixed
 * number of places, each taken over by whoever comes next; two threads may encode the same event, and the same bytes
 * result. Safe for any thread.
 */
final class SharedFrames {

    private static final int PLACES = 1024;
    private static final int LARGEST = 16 * 1024;

    /** What an event's bytes depend on. */
    record Event(StoredObject object, String kind, long revision, Gvk type, View.Shape shape, String version) {

        @SuppressWarnings("ReferenceEquality") // an object that is stored is one object, whatever is equal to it
        private boolean is(Event other) {
            return object == other.object
                    && revision == other.revision
                    && shape == other.shape
                    && kind.equals(other.kind)
                    && type.equals(other.type)
                    && version.equals(other.version);
        }

        private int place() {
            int mixed = 31 * (31 * (31 * Long.hashCode(revision) + System.identityHashCode(object)) + kind.hashCode())
                    + Objects.hash(shape, version);
            return (mixed ^ (mixed >>> 16)) & (PLACES - 1);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared with nothing
    private record Frame(Event event, byte[] bytes) {}

    private final AtomicReferenceArray<@Nullable Frame> frames = new AtomicReferenceArray<>(PLACES);

    /** The event's bytes, which nobody may change. */
    byte[] of(Event event, Supplier<byte[]> encode) {
        int place = event.place();
        Frame known = frames.get(place);
        if (known != null && known.event.is(event)) {
            return known.bytes;
        }
        byte[] bytes = encode.get();
        if (bytes.length <= LARGEST) {
            frames.set(place, new Frame(event, bytes));
        }
        return bytes;
    }
}
