package io.vertikube.apiserver.front;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;

/**
 * A response's body that is written piece by piece, and never more than so many bytes ahead of the socket. It counts
 * what has not been written yet by itself: the response's own write queue is told of a full channel by an event that
 * cannot come as long as the one who writes holds the event loop. Confined to the event loop of its call.
 */
public final class PacedBody {

    private final Function<Buffer, Future<Void>> writer;
    private final int mostAhead;
    private final Runnable room;
    private int ahead;
    private boolean waiting;

    /**
     * @param writer sends a piece; its future completes when the socket has it
     * @param mostAhead bytes
     * @param room called, once a time, when {@link #isFull} has been seen true and is true no more
     */
    public PacedBody(Function<Buffer, Future<Void>> writer, int mostAhead, Runnable room) {
        this.writer = writer;
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
        writer.apply(piece).onComplete(written -> {
            ahead -= length;
            if (waiting && ahead < mostAhead && written.succeeded()) {
                waiting = false;
                room.run();
            }
        });
    }
}
