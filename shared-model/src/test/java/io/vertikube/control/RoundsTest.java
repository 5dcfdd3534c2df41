package io.vertikube.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RoundsTest {

    private final LinkedBlockingQueue<Integer> done = new LinkedBlockingQueue<>();
    private final AtomicInteger number = new AtomicInteger();

    @Test
    void aFailedRoundIsFollowedByTheNext() throws InterruptedException {
        try (var rounds = new Rounds(
                "test", Duration.ZERO, Duration.ofMillis(1), this::go, "nothing is done now", IOException.class)) {
            rounds.start();
            for (int i = 0; i < 5; i++) {
                assertThat(done.take()).isEqualTo(i);
            }
        }
    }

    @Test
    void closingBreaksOff() throws InterruptedException {
        var ended = new LinkedBlockingQueue<Boolean>();
        var rounds = new Rounds(
                "test",
                Duration.ZERO,
                Duration.ZERO,
                () -> {
                    done.add(0);
                    try {
                        Thread.sleep(Duration.ofDays(1));
                    } finally {
                        ended.add(true);
                    }
                },
                "nothing is done now",
                IOException.class);
        rounds.start();
        done.take();
        rounds.close();
        assertThat(ended.take()).isTrue();
    }

    private void go() throws IOException {
        int round = number.getAndIncrement();
        done.add(round);
        switch (round) {
            case 0 -> throw new IOException("disk");
            case 1 -> throw new IllegalStateException("unexpected");
            case 2 -> throw new UnsupportedOperationException();
            default -> {}
        }
    }
}
