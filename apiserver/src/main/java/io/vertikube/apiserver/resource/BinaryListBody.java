package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.View;
import io.vertikube.apiserver.protobuf.ProtobufCodec;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvk;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A list in protobuf. How long it is stands before its first item, so its items are encoded before the first byte goes
 * out, one by one, each let go as it is sent. Confined to one thread at a time.
 */
final class BinaryListBody implements StreamedBody.Source {

    private final Queue<byte[]> parts;

    private BinaryListBody(Queue<byte[]> parts) {
        this.parts = parts;
    }

    /** Encodes on the thread that calls, which is no event loop, and sends on the event loop of the call. */
    static void write(
            Call call, ResourceType type, ListPage page, View view, ProtobufCodec codec, ResourceLimits limits) {
        boolean whole = view.shape() == View.Shape.OBJECT;
        Gvk itemKind = whole ? type.gvk() : Rendering.partialKind(view);
        Gvk listKind = new Gvk(itemKind.group(), itemKind.version(), itemKind.kind() + "List");
        var parts = new ArrayDeque<byte[]>(page.items().size() + 1);
        long size = 0;
        for (StoredObject item : page.items()) {
            byte[] encoded = codec.listItem(item.tree(), itemKind);
            size += encoded.length;
            parts.add(encoded);
        }
        ObjectNode metadata = Rendering.listMetadata(page);
        byte[] head = codec.listHead(listKind, metadata, size);
        parts.addFirst(head);
        long all = size + head.length;
        String contentType = view.format().mediaType();
        call.onContext(() -> StreamedBody.send(call, contentType, new BinaryListBody(parts), all, limits));
    }

    @Override
    public boolean fill(Buffer chunk, int until) {
        while (chunk.length() < until) {
            byte[] next = parts.poll();
            if (next == null) {
                return false;
            }
            chunk.appendBytes(next);
        }
        return !parts.isEmpty();
    }
}
