package io.vertikube.kubelet.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Lets a virtual thread read a stream that an event loop fills; the stream is paused while much is waiting. One reader,
 * one stream. Guarded by its own monitor, so that a pause and a resume cannot overtake one another.
 */
final class BlockingReads {

    private static final int MOST_BYTES = 256 * 1024;
    private static final int MOST_PIECES = 64;

    private final Deque<Buffer> waiting = new ArrayDeque<>();
    private final ReadStream<?> stream;
    private int bytes;
    private boolean paused;
    private boolean ended;

    BlockingReads(ReadStream<?> stream) {
        this.stream = stream;
    }

    /** Takes what arrived; called on the stream's event loop. */
    synchronized void arrived(Buffer piece) {
        waiting.add(piece);
        bytes += piece.length();
        if (!paused && (bytes >= MOST_BYTES || waiting.size() >= MOST_PIECES)) {
            paused = true;
            stream.pause();
        }
        notifyAll();
    }

    /** Nothing more will arrive. */
    synchronized void ended() {
        ended = true;
        notifyAll();
    }

    /** Waits for the next piece; empty at the end. */
    synchronized Optional<Buffer> take() throws InterruptedException {
        while (waiting.isEmpty() && !ended) {
            wait();
        }
        Buffer next = waiting.poll();
        if (next != null) {
            bytes -= next.length();
            if (paused && !ended && bytes < MOST_BYTES / 2 && waiting.size() < MOST_PIECES / 2) {
                paused = false;
                stream.resume();
            }
        }
        return Optional.ofNullable(next);
    }
}
