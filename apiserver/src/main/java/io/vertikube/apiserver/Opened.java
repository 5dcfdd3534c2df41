package io.vertikube.apiserver;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has been opened so far, to be closed the other way round. Confined to one thread at a time. */
final class Opened implements AutoCloseable {

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a part of the server did not close: " + e.getMessage(), e);
            }
        }
    }
}
