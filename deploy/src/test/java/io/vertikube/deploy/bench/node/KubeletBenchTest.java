package io.vertikube.deploy.bench.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeletBenchTest {

    @ParameterizedTest
    @CsvSource({"50, 50", "99, 99", "100, 100", "1, 1"})
    void percentileIsTheSmallestThatSoManyAreNotAbove(int percent, int millis) {
        List<Duration> times = IntStream.rangeClosed(1, 100)
                .mapToObj(n -> Duration.ofMillis(101 - n))
                .toList();
        assertThat(KubeletBench.percentile(times, percent)).isEqualTo(Duration.ofMillis(millis));
        assertThat(KubeletBench.percentile(List.of(Duration.ofMillis(7)), percent))
                .isEqualTo(Duration.ofMillis(7));
    }

    @ParameterizedTest
    @CsvSource({"3 1 2, 2", "4 1 2 3, 2.5", "7, 7"})
    void medianIsTheMiddle(String values, double median) {
        assertThat(KubeletBench.median(
                        Arrays.stream(values.split(" ")).map(Double::valueOf).toList()))
                .isEqualTo(median);
    }
}
