package io.vertikube.client;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a response that does not end, handed from the event loop to one waiting reader. The connection is paused
 * while the reader is behind. Written on the event loop, read by one thread.
 */
final class LineStream implements AutoCloseable {

    private static final byte[] END = new byte[0];
    private static final int PAUSE_ABOVE = 1024;
    private static final int RESUME_BELOW = 256;

    private final HttpClientResponse response;
    private final BlockingQueue<byte[]> lines = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean paused;
    private Buffer rest = Buffer.buffer();

    /** Must be made on the event loop, when the response's head arrives. */
    LineStream(HttpClientResponse response) {
        this.response = response;
        response.handler(this::received);
        response.endHandler(done -> lines.add(END));
        response.exceptionHandler(failure -> lines.add(END));
    }

    /** The next line without its newline; null when the stream ended or nothing came in time. */
    byte @Nullable [] next(Duration patience) throws InterruptedException {
        byte[] line = lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null || line.length == 0) {
            return null;
        }
        if (waiting.decrementAndGet() < RESUME_BELOW && paused) {
            paused = false;
            response.resume();
        }
        return line;
    }

    @Override
    public void close() {
        response.request().connection().close();
        lines.add(END);
    }

    private void received(Buffer chunk) {
        Buffer data = rest.length() == 0 ? chunk : rest.appendBuffer(chunk);
        int start = 0;
        int length = data.length();
        int from = rest.length() == 0 ? 0 : length - chunk.length();
        for (int i = from; i < length; i++) {
            if (data.getByte(i) == '\n') {
                if (i > start) {
                    lines.add(data.getBytes(start, i));
                    waiting.incrementAndGet();
                }
                start = i + 1;
            }
        }
        rest = start == length ? Buffer.buffer() : Buffer.buffer().appendBuffer(data, start, length - start);
        if (waiting.get() > PAUSE_ABOVE && !paused) {
            paused = true;
            response.pause();
        }
    }
}
