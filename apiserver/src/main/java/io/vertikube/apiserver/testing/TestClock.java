package io.vertikube.apiserver.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** The machine's clock or another, moved on by as much as a test says. Safe for any thread. */
public final class TestClock implements InstantSource {

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    private final InstantSource base;

    TestClock(InstantSource base) {
        this.base = base;
    }

    @Override
    public Instant instant() {
        return base.instant().plus(ahead.get());
    }

    /** Moves on; from then on the server is that much ahead of the machine. */
    public void advance(Duration by) {
        ahead.updateAndGet(by::plus);
    }
}
