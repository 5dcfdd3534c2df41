package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.PacedBody;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * A body that is made while it is sent: a small one at once, a large one in chunks as fast as the client takes them.
 * Confined to the event loop of its call.
 */
final class StreamedBody {

    /** Where the bytes come from. */
    interface Source {

        /**
         * Appends until the chunk is so long, or to the end.
         *
         * @return whether there is more
         */
        boolean fill(Buffer chunk, int until);
    }

    private static final int CHUNKS_AHEAD = 2;

    private final Call call;
    private final Source source;
    private final int chunkBytes;
    private final PacedBody paced;
    private boolean done;

    private StreamedBody(Call call, Source source, int chunkBytes) {
        this.call = call;
        this.source = source;
        this.chunkBytes = chunkBytes;
        this.paced = new PacedBody(call.request().response()::write, CHUNKS_AHEAD * chunkBytes, this::pump);
    }

    /** @param size about how many bytes there will be; up to {@code wholeUpTo} they are sent as one body */
    static void send(Call call, String contentType, Source source, long size, ResourceLimits limits) {
        if (size <= limits.wholeListBytes()) {
            Buffer whole = Buffer.buffer((int) size + 256);
            source.fill(whole, Integer.MAX_VALUE);
            call.answer(new Answer(200, contentType, whole, List.of()));
        } else if (call.begin(200, contentType)) {
            call.request().response().setChunked(true);
            new StreamedBody(call, source, limits.chunkBytes()).pump();
        }
    }

    private void pump() {
        while (!done && !call.isOver() && !paced.isFull()) {
            Buffer chunk = Buffer.buffer(chunkBytes + 4096);
            done = !source.fill(chunk, chunkBytes);
            if (done) {
                call.request().response().end(chunk);
            } else {
                paced.write(chunk);
            }
        }
    }
}
