package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.front.Statuses;
import io.vertikube.apiserver.front.View;
import io.vertikube.apiserver.protobuf.ProtobufCodec;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.apiserver.table.IncludeObject;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiException;
import io.vertx.core.buffer.Buffer;

/** Frames of protobuf, each with its length before it. Confined to the event loop of its call. */
final class BinaryFrames implements WatchFrames {

    private final ResourceType type;
    private final Rendering rendering;
    private final View view;
    private final ProtobufCodec codec;

    private final SharedFrames shared;

    BinaryFrames(ResourceType type, Rendering rendering, View view, ProtobufCodec codec, SharedFrames shared) {
        this.type = type;
        this.rendering = rendering;
        this.view = view;
        this.codec = codec;
        this.shared = shared;
    }

    @Override
    public String contentType() {
        return view.format().mediaType() + ";stream=watch";
    }

    @Override
    public boolean text() {
        return false;
    }

    @Override
    public Extent extent(Buffer events, int at) {
        int from = at + Integer.BYTES;
        return new Extent(from, from + events.getInt(at));
    }

    @Override
    public void event(Buffer out, String kind, StoredObject object, long revision) {
        var event = new SharedFrames.Event(object, kind, revision, type.gvk(), view.shape(), view.version());
        out.appendBytes(shared.of(event, () -> {
            ObjectNode tree = object.tree();
            tree.withObject("/metadata").put("resourceVersion", Long.toString(revision));
            return frame(kind, tree);
        }));
    }

    @Override
    public void bookmark(Buffer out, long revision, boolean initialEventsEnd) {
        out.appendBytes(frame("BOOKMARK", Rendering.bookmark(type, revision, initialEventsEnd)));
    }

    @Override
    public void error(Buffer out, ApiException failure) {
        out.appendBytes(ProtobufCodec.watchFrame("ERROR", codec.write(Statuses.of(failure))));
    }

    private byte[] frame(String kind, ObjectNode object) {
        ObjectNode shown = rendering.event(type, object, view, IncludeObject.NONE, false);
        return ProtobufCodec.watchFrame(kind, codec.write(shown));
    }
}
