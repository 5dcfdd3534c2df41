package io.vertikube.apiserver.storage;

/**
 * Whoever drains a {@link Subscription}. Told once that something is there; told again only after a {@link
 * Subscription#poll} came back empty.
 */
@FunctionalInterface
public interface WatchSink {

    /**
     * There is something to poll: events, or the end. Called from a thread that serves all watchers, so it only passes
     * the word on (say, {@code context.runOnContext(v -> pump())}); a sink that cannot write now just leaves it.
     */
    void available();
}
