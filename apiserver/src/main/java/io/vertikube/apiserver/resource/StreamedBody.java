package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.Gzip;
import io.vertikube.apiserver.front.PacedBody;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body that is made while it is sent: a small one at once, a large one in chunks as fast as the client takes them.
 * Confined to the event loop of its call, but for chunks that are packed: each of those is made on a virtual thread while
 * nothing else happens here.
 */
final class StreamedBody {

    /** Where the bytes come from. Asked by one thread at a time. */
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
    private final @Nullable Gzip gzip;
    private final PacedBody paced;
    private boolean packing;
    private boolean done;

    private StreamedBody(Call call, Source source, int chunkBytes, @Nullable Gzip gzip) {
        this.call = call;
        this.source = source;
        this.chunkBytes = chunkBytes;
        this.gzip = gzip;
        this.paced = new PacedBody(response()::write, CHUNKS_AHEAD * chunkBytes, this::pump);
    }

    /** @param size about how many bytes there will be; up to {@code wholeUpTo} they are sent as one body */
    static void send(Call call, String contentType, Source source, long size, ResourceLimits limits) {
        if (size <= limits.wholeListBytes()) {
            Buffer whole = Buffer.buffer((int) size + 256);
            source.fill(whole, Integer.MAX_VALUE);
            call.answer(new Answer(200, contentType, whole, List.of()));
        } else if (call.begin(200, contentType)) {
            HttpServerResponse response = call.request().response().setChunked(true);
            Gzip gzip = null;
            if (call.acceptsGzip()) {
                response.headers().set("Content-Encoding", "gzip").set("Vary", "Accept-Encoding");
                gzip = new Gzip();
            }
            var body = new StreamedBody(call, source, limits.chunkBytes(), gzip);
            call.onEnd(body::abandon);
            body.pump();
        }
    }

    private HttpServerResponse response() {
        return call.request().response();
    }

    private void pump() {
        Gzip packer = gzip;
        while (!done && !packing && !call.isOver() && !paced.isFull()) {
            if (packer != null) {
                packing = true;
                call.work(() -> packNext(packer));
                return;
            }
            Buffer chunk = Buffer.buffer(chunkBytes + 4096);
            done = !source.fill(chunk, chunkBytes);
            write(chunk);
        }
    }

    private void write(Buffer chunk) {
        if (done) {
            response().end(chunk);
        } else {
            paced.write(chunk);
        }
    }

    private void packNext(Gzip packer) {
        try {
            boolean more = true;
            Buffer packed = Buffer.buffer();
            while (more && packed.length() == 0) {
                Buffer chunk = Buffer.buffer(chunkBytes + 4096);
                more = source.fill(chunk, chunkBytes);
                packed = packer.pack(chunk, !more);
            }
            Buffer ready = packed;
            boolean last = !more;
            call.onContext(() -> packed(ready, last));
        } catch (Throwable e) {
            call.onContext(() -> response().reset());
            throw e;
        }
    }

    private void packed(Buffer ready, boolean last) {
        packing = false;
        done = last;
        if (call.isOver()) {
            abandon();
            return;
        }
        write(ready);
        pump();
    }

    /** The exchange is over, perhaps before its end: what packs holds memory that is not Java's. */
    private void abandon() {
        if (gzip != null && !packing) {
            gzip.close();
        }
    }
}
