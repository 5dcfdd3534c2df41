package io.vertikube.kubelet.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Lets a virtual thread read a stream that an event loop fills; the stream is paused while much is waiting. One reader,
 * one stream.
 */
final class BlockingReads {

    private static final int MOST = 16;

    private final LinkedBlockingQueue<Optional<Buffer>> queue = new LinkedBlockingQueue<>();
    private final ReadStream<?> stream;

    BlockingReads(ReadStream<?> stream) {
        this.stream = stream;
    }

    /** Takes what arrived; called on the stream's event loop. */
    void arrived(Buffer bytes) {
        queue.add(Optional.of(bytes));
        if (queue.size() >= MOST) {
            stream.pause();
        }
    }

    /** Nothing more will arrive. */
    void ended() {
        queue.add(Optional.empty());
    }

    /** Waits for the next piece; empty at the end. */
    Optional<Buffer> take() throws InterruptedException {
        Optional<Buffer> next = queue.take();
        if (next.isEmpty()) {
            queue.add(next);
        } else if (queue.size() < MOST / 2) {
            stream.resume();
        }
        return next;
    }
}
