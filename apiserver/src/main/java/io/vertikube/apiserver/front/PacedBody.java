package io.vertikube.apiserver.front;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * A response's body that is written piece by piece, and never more than so many bytes ahead of the socket. It counts
 * what has not been written yet by itself: the response's own write queue is told of a full channel by an event that
 * cannot come as long as the one who writes holds the event loop. Confined to the event loop of its call.
 */
public final class PacedBody {

    private final HttpServerResponse response;
    private final int mostAhead;
    private final Runnable room;
    private int ahead;
    private boolean waiting;

    /**
     * @param mostAhead bytes
     * @param room called, once a time, when {@link #isFull} has been seen true and is true no more
     */
    public PacedBody(HttpServerResponse response, int mostAhead, Runnable room) {
        this.response = response;
        this.mostAhead = mostAhead;
        this.room = room;
    }

    /** Whether to wait for room before the next piece. */
    public boolean isFull() {
        waiting |= ahead >= mostAhead;
        return ahead >= mostAhead;
    }

    /** Writes a piece, whose buffer is given away. */
    public void write(Buffer piece) {
        int length = piece.length();
        ahead += length;
        response.write(piece).onComplete(written -> {
            ahead -= length;
            if (waiting && ahead < mostAhead && written.succeeded()) {
                waiting = false;
                room.run();
            }
        });
    }
}
