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

    BinaryFrames(ResourceType type, Rendering rendering, View view, ProtobufCodec codec) {
        this.type = type;
        this.rendering = rendering;
        this.view = view;
        this.codec = codec;
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
        ObjectNode tree = object.tree();
        tree.withObject("/metadata").put("resourceVersion", Long.toString(revision));
        frame(out, kind, tree);
    }

    @Override
    public void bookmark(Buffer out, long revision, boolean initialEventsEnd) {
        frame(out, "BOOKMARK", Rendering.bookmark(type, revision, initialEventsEnd));
    }

    @Override
    public void error(Buffer out, ApiException failure) {
        out.appendBytes(ProtobufCodec.watchFrame("ERROR", codec.write(Statuses.of(failure))));
    }

    private void frame(Buffer out, String kind, ObjectNode object) {
        ObjectNode shown = rendering.event(type, object, view, IncludeObject.NONE, false);
        out.appendBytes(ProtobufCodec.watchFrame(kind, codec.write(shown)));
    }
}
