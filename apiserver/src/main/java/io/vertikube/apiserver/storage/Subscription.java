package io.vertikube.apiserver.storage;

/** One watcher's place in the event history. */
public final class Subscription implements AutoCloseable {
    Subscription() {}

    /**
     * The next events, at most so many; an empty batch when there are none now, after which the sink is told once when
     * there are. Never blocks.
     */
    public WatchBatch poll(int most) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
