package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.PacedBody;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.ResourceType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Writes a list as JSON out of stored bytes: a small one as one body, a large one in chunks as fast as the client takes
 * them, so that no list is held in memory a second time. Confined to the event loop of its call.
 */
final class ListBody {

    private static final byte[] TAIL = "]}\n".getBytes(StandardCharsets.US_ASCII);

    private static final int CHUNKS_AHEAD = 2;

    private final Call call;
    private final Iterator<StoredObject> items;
    private final int chunkBytes;
    private Buffer chunk;
    private boolean first = true;
    private boolean done;

    private ListBody(Call call, Buffer head, Iterator<StoredObject> items, int chunkBytes) {
        this.call = call;
        this.chunk = head;
        this.items = items;
        this.chunkBytes = chunkBytes;
    }

    /**
     * @param wholeUpTo bytes up to which a list is sent as one body
     */
    static void write(Call call, ResourceType type, ListPage page, int wholeUpTo, int chunkBytes) {
        long size = 0;
        for (StoredObject item : page.items()) {
            size += item.json().length + 40L;
        }
        Buffer head = Buffer.buffer((size <= wholeUpTo ? (int) size : chunkBytes) + 4096);
        head.appendString(head(type, page));
        var body = new ListBody(call, head, page.items().iterator(), chunkBytes);
        if (size <= wholeUpTo) {
            body.fill(Integer.MAX_VALUE);
            call.answer(Answer.json(200, body.chunk));
        } else if (call.begin(200, Answer.JSON)) {
            HttpServerResponse response = call.request().response();
            response.setChunked(true);
            body.stream(response);
        }
    }

    private void stream(HttpServerResponse response) {
        var room = new Runnable[1];
        var paced = new PacedBody(response, CHUNKS_AHEAD * chunkBytes, () -> room[0].run());
        room[0] = () -> pump(response, paced);
        room[0].run();
    }

    private void pump(HttpServerResponse response, PacedBody paced) {
        while (!done && !call.isOver() && !paced.isFull()) {
            fill(chunkBytes);
            Buffer full = chunk;
            if (done) {
                response.end(full);
            } else {
                chunk = Buffer.buffer(chunkBytes + 4096);
                paced.write(full);
            }
        }
    }

    private void fill(int until) {
        while (items.hasNext() && chunk.length() < until) {
            if (!first) {
                chunk.appendByte((byte) ',');
            }
            first = false;
            items.next().writeTo(chunk);
        }
        if (!items.hasNext()) {
            done = true;
            chunk.appendBytes(TAIL);
        }
    }

    private static String head(ResourceType type, ListPage page) {
        var text = new StringBuilder(160)
                .append("{\"kind\":\"")
                .append(type.kind())
                .append("List\",\"apiVersion\":\"")
                .append(type.apiVersion())
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
