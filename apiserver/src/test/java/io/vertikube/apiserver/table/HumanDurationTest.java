package io.vertikube.apiserver.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanDurationTest {

    @ParameterizedTest
    @CsvSource({
        "-PT5S, <invalid>",
        "-PT1S, 0s",
        "PT0S, 0s",
        "PT1S, 1s",
        "PT119S, 119s",
        "PT2M, 2m",
        "PT5M30S, 5m30s",
        "PT9M59S, 9m59s",
        "PT10M59S, 10m",
        "PT179M, 179m",
        "PT3H, 3h",
        "PT3H5M, 3h5m",
        "PT7H59M, 7h59m",
        "PT8H59M, 8h",
        "PT46H, 46h",
        "PT48H, 2d",
        "PT51H, 2d3h",
        "PT191H, 7d23h",
        "PT192H, 8d",
        "P300D, 300d",
        "P729D, 729d",
        "P730D, 2y",
        "P740D, 2y10d",
        "P2919D, 7y364d",
        "P2920D, 8y",
        "P4000D, 10y",
    })
    void readsAsPeopleWriteIt(Duration duration, String expected) {
        assertThat(HumanDuration.of(duration)).isEqualTo(expected);
    }
}
