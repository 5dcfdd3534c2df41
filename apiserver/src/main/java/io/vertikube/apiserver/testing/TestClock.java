package io.vertikube.apiserver.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** The machine's clock, moved on by as much as a test says. Safe for any thread. */
public final class TestClock implements InstantSource {

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    TestClock() {}

    @Override
    public Instant instant() {
        return Instant.now().plus(ahead.get());
    }

    /** Moves on; from then on the server is that much ahead of the machine. */
    public void advance(Duration by) {
        ahead.updateAndGet(by::plus);
    }
}
