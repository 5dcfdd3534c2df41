package io.vertikube.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void soManyAtOnceAndThenSoManyASecond() {
        var bucket = new TokenBucket(3, 2, START);
        for (int i = 0; i < 3; i++) {
            assertThat(bucket.take(START)).isTrue();
        }
        assertThat(bucket.take(START)).isFalse();
        assertThat(bucket.take(START.plusMillis(499))).isFalse();
        assertThat(bucket.take(START.plusMillis(500))).isTrue();
        assertThat(bucket.take(START.plusMillis(900))).isFalse();
        assertThat(bucket.take(START.plusMillis(1000))).isTrue();
    }

    @Test
    void aQuietTimeSavesNoMoreThanABurst() {
        var bucket = new TokenBucket(2, 1, START);
        Instant later = START.plusSeconds(3600);
        assertThat(bucket.take(later)).isTrue();
        assertThat(bucket.take(later)).isTrue();
        assertThat(bucket.take(later)).isFalse();
    }
}
