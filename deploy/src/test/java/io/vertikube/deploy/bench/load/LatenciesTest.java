package io.vertikube.deploy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void percentilesAreWithinTwoPercent() {
        var latencies = new Latencies();
        for (int i = 1; i <= 100_000; i++) {
            latencies.record(i * 1_000L);
        }
        assertThat(latencies.total()).isEqualTo(100_000);
        assertThat(latencies.percentile(50)).isCloseTo(50_000_000L, withPercentage(2));
        assertThat(latencies.percentile(99)).isCloseTo(99_000_000L, withPercentage(2));
        assertThat(latencies.percentile(100)).isCloseTo(100_000_000L, withPercentage(2));
    }

    @Test
    void oneSlowAnswerAmongAHundredIsNotTheNinetyNinthButTheLast() {
        var latencies = new Latencies();
        for (int i = 0; i < 99; i++) {
            latencies.record(10);
        }
        var others = new Latencies();
        others.record(Long.MAX_VALUE);
        latencies.add(others);
        assertThat(latencies.percentile(99)).isEqualTo(10);
        assertThat(latencies.percentile(100)).isCloseTo(Long.MAX_VALUE, withPercentage(2));
    }

    @Test
    void nothingRecordedIsZero() {
        assertThat(new Latencies().percentile(99)).isZero();
    }
}
