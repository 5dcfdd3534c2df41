package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.View;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvk;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Writes a list as JSON out of stored bytes, so that no list is held in memory a second time. Confined to one
 * thread at a time.
 */
final class ListBody implements StreamedBody.Source {

    private static final byte[] TAIL = "]}\n".getBytes(StandardCharsets.US_ASCII);

    private final String head;
    private final Iterator<StoredObject> items;
    private final View view;
    private boolean begun;
    private boolean first = true;

    private ListBody(String head, Iterator<StoredObject> items, View view) {
        this.head = head;
        this.items = items;
        this.view = view;
    }

    /** @param view of plain objects or of plain metadata */
    static void write(Call call, ResourceType type, ListPage page, View view, ResourceLimits limits) {
        long size = 0;
        for (StoredObject item : page.items()) {
            size += item.json().length + 40L;
        }
        var body = new ListBody(
                head(view.isPlainMetadata() ? Rendering.partialKind(view) : type.gvk(), page),
                page.items().iterator(),
                view);
        StreamedBody.send(call, Answer.JSON, body, size, limits);
    }

    @Override
    public boolean fill(Buffer chunk, int until) {
        if (!begun) {
            begun = true;
            chunk.appendString(head);
        }
        while (items.hasNext() && chunk.length() < until) {
            if (!first) {
                chunk.appendByte((byte) ',');
            }
            first = false;
            StoredObject item = items.next();
            if (view.isPlainMetadata()) {
                Partial.append(chunk, item, item.revision(), view.version());
            } else {
                item.writeTo(chunk);
            }
        }
        if (items.hasNext()) {
            return true;
        }
        chunk.appendBytes(TAIL);
        return false;
    }

    private static String head(Gvk item, ListPage page) {
        var text = new StringBuilder(160)
                .append("{\"kind\":\"")
                .append(item.kind())
                .append("List\",\"apiVersion\":\"")
                .append(item.apiVersion())
                .append("\",\"metadata\":{\"resourceVersion\":\"")
                .append(page.revision())
                .append('"');
        @Nullable ContinueToken next = page.next();
        if (next != null) {
            text.append(",\"continue\":\"").append(next.encode()).append('"');
        }
        if (page.remaining() >= 0) {
            text.append(",\"remainingItemCount\":").append(page.remaining());
        }
        return text.append("},\"items\":[").toString();
    }
}
