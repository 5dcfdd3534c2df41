package io.vertikube.apiserver.storage;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Tells watchers that their channel has news, from a thread of its own, so that a thousand watchers do not hold up the
 * next event; while it goes round, further events of a channel gather. {@link #of} is safe for any thread.
 */
final class WakeUps implements AutoCloseable {

    private final BlockingQueue<EventChannel> queue = new LinkedBlockingQueue<>();
    private final Thread thread;

    WakeUps() {
        thread = Thread.ofVirtual().name("watch-wake-ups").start(this::run);
    }

    void of(EventChannel channel) {
        if (channel.markDirty()) {
            queue.add(channel);
        }
    }

    private void run() {
        try {
            while (true) {
                EventChannel channel = queue.take();
                channel.clearDirty();
                channel.subscriptions().forEach(Subscription::wake);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
