package io.vertikube.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class WokenRoundsTest {

    private static final Duration NEVER = Duration.ofDays(1);

    private final LinkedBlockingQueue<Integer> done = new LinkedBlockingQueue<>();
    private final AtomicInteger number = new AtomicInteger();

    @Test
    void aFailedRoundIsFollowedByTheNext() throws InterruptedException {
        try (var rounds = new WokenRounds("test", this::go, Duration.ofMillis(1), "nothing is done now")) {
            rounds.start();
            for (int i = 0; i < 3; i++) {
                assertThat(done.take()).isEqualTo(i);
            }
        }
    }

    @Test
    void wakingBringsARoundThatWasFarAway() throws InterruptedException {
        number.set(2);
        try (var rounds = new WokenRounds("test", this::go, NEVER, "nothing is done now")) {
            rounds.start();
            assertThat(done.take()).isEqualTo(2);
            rounds.wake();
            assertThat(done.take()).isEqualTo(3);
        }
    }

    @Test
    void closingBreaksOff() throws InterruptedException {
        var ended = new LinkedBlockingQueue<Boolean>();
        var rounds = new WokenRounds(
                "test",
                () -> {
                    done.add(0);
                    try {
                        Thread.sleep(NEVER);
                    } finally {
                        ended.add(true);
                    }
                    return NEVER;
                },
                NEVER,
                "nothing is done now");
        rounds.start();
        done.take();
        rounds.close();
        assertThat(ended.take()).isTrue();
    }

    private Duration go() throws IOException {
        int round = number.getAndIncrement();
        done.add(round);
        switch (round) {
            case 0 -> throw new IOException("disk");
            case 1 -> throw new IllegalStateException("unexpected");
            default -> {}
        }
        return NEVER;
    }
}
