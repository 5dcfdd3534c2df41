package io.vertikube.deploy.bench.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class MetricsTest {

    private static final String TEXT = """
            # HELP apiserver_request_total x
            # TYPE apiserver_request_total counter
            apiserver_request_total{code="201",resource="pods",subresource="",verb="POST"} 7.0
            apiserver_request_total{code="409",resource="pods",subresource="",verb="POST"} 2.0
            apiserver_request_total{code="200",resource="pods",subresource="status",verb="PATCH"} 1.5E3
            apiserver_request_total_of_another{verb="POST"} 4
            """;

    @Test
    void sumsWhatIsWantedByLabels() {
        assertThat(Metrics.sums(
                        TEXT,
                        "apiserver_request_total",
                        labels -> labels.getOrDefault("code", "").startsWith("2"),
                        "verb",
                        "resource",
                        "subresource"))
                .isEqualTo(Map.of("POST pods", 7.0, "PATCH pods status", 1500.0));
        assertThat(Metrics.sums(TEXT, "apiserver_request_total", labels -> true, "verb"))
                .containsEntry("POST", 9.0);
    }

    @Test
    void aSampleThatCannotBeReadIsNoZero() {
        assertThatThrownBy(() -> Metrics.sums("depth{name=\"a\" 3", "depth", labels -> true, "name"))
                .hasMessageContaining("no sample of a metric");
    }
}
