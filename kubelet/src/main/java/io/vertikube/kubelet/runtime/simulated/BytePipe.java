package io.vertikube.kubelet.runtime.simulated;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A pipe in memory. It is bounded: who writes waits for who reads. Guarded by its own monitor. */
final class BytePipe {

    private static final int MOST = 128 * 1024;

    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int size;
    private boolean ended;
    private boolean unread;

    /** Adds bytes; what is written after the end, or for nobody, is dropped. */
    synchronized void write(byte[] bytes) throws InterruptedException {
        while (size >= MOST && !ended && !unread) {
            wait();
        }
        if (bytes.length > 0 && !ended && !unread) {
            waiting.add(bytes);
            size += bytes.length;
            notifyAll();
        }
    }

    /** Nothing more will be written. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Nobody reads any more. */
    synchronized void abandon() {
        unread = true;
        waiting.clear();
        notifyAll();
    }

    /** Waits for the next piece; empty at the end. */
    synchronized Optional<byte[]> take() throws InterruptedException {
        while (waiting.isEmpty() && !ended && !unread) {
            wait();
        }
        byte[] next = waiting.poll();
        if (next != null) {
            size -= next.length;
            notifyAll();
        }
        return Optional.ofNullable(next);
    }

    /** The reading end, for one reader. */
    InputStream in() {
        return new InputStream() {
            private byte[] piece = new byte[0];
            private int at;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int from, int most) throws IOException {
                if (most == 0) {
                    return 0;
                }
                if (at == piece.length) {
                    Optional<byte[]> next;
                    try {
                        next = take();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new InterruptedIOException("the process was ended");
                    }
                    if (next.isEmpty()) {
                        return -1;
                    }
                    piece = next.get();
                    at = 0;
                }
                int count = Math.min(most, piece.length - at);
                System.arraycopy(piece, at, into, from, count);
                at += count;
                return count;
            }
        };
    }
}
