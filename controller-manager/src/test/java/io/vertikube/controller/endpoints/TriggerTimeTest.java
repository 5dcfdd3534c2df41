package io.vertikube.controller.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TriggerTimeTest {

    private static final String DAY = "2026-01-01T";

    /** When the Service was made, when its pods changed, what was told before, and what is told now. */
    @ParameterizedTest
    @CsvSource({
        "10:00:00Z, '', '', 10:00:00Z",
        "10:00:00Z, 10:00:05Z, '', 10:00:00Z",
        "10:00:00Z, 10:00:05Z, 10:00:00Z, 10:00:05Z",
        "10:00:00Z, 10:00:09Z 10:00:05Z, 10:00:00Z, 10:00:05Z",
        "10:00:00Z, 10:00:09Z 10:00:05Z, 10:00:05Z, 10:00:09Z",
        "10:00:00Z, 10:00:05Z, 10:00:05Z, ''",
        "10:00:00Z, '', nonsense, 10:00:00Z",
    })
    void theFirstThatWasNotToldOf(String made, String ready, String told, String now) {
        Service service = new ServiceBuilder()
                .withNewMetadata()
                .withCreationTimestamp(DAY + made)
                .endMetadata()
                .build();
        List<Pod> pods = Stream.of(ready.split(" "))
                .filter(time -> !time.isEmpty())
                .map(TriggerTimeTest::pod)
                .toList();
        var before = endpoints(told.isEmpty() ? Map.of() : Map.of(TriggerTime.ANNOTATION, time(told)));
        var written = endpoints(Map.of(TriggerTime.ANNOTATION, "what was told before", "other", "stays"));
        TriggerTime.tell(service, pods, List.of(before), List.of(written));
        assertThat(written.getMetadata().getAnnotations())
                .isEqualTo(
                        now.isEmpty()
                                ? Map.of("other", "stays")
                                : Map.of("other", "stays", TriggerTime.ANNOTATION, time(now)));
    }

    private static String time(String ofDay) {
        return ofDay.endsWith("Z") ? Instant.parse(DAY + ofDay).toString() : ofDay;
    }

    private static Endpoints endpoints(Map<String, String> annotations) {
        return new EndpointsBuilder()
                .withNewMetadata()
                .withName("web")
                .withAnnotations(annotations)
                .endMetadata()
                .build();
    }

    private static Pod pod(String since) {
        return new PodBuilder()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withLastTransitionTime(DAY + since)
                .endCondition()
                .endStatus()
                .build();
    }
}
