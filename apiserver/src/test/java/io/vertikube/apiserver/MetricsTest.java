package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

/** What dashboards for Kubernetes look for is there under its name. */
class MetricsTest {

    @Test
    void namesAndLabelsAreThoseOfKubernetes() {
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (TestApi api = TestApi.start(ApiServerOptions.forTests(), meters)) {
            api.get("/api/v1/namespaces/default/configmaps?limit=5");
            api.get("/apis/made.up/v1/things");
            String page = api.get("/metrics").text();
            assertThat(page.lines())
                    .anyMatch(line -> line.startsWith("apiserver_request_total{")
                            && line.contains("code=\"200\"")
                            && line.contains("resource=\"configmaps\"")
                            && line.contains("scope=\"namespace\"")
                            && line.contains("verb=\"LIST\""))
                    .anyMatch(line -> line.startsWith("apiserver_request_duration_seconds_bucket{")
                            && line.contains("le=\"0.005\"")
                            && line.contains("resource=\"configmaps\""))
                    .anyMatch(line -> line.startsWith("apiserver_current_inflight_requests{request_kind=\"readOnly\"}"))
                    .anyMatch(line -> line.equals("apiserver_storage_objects{resource=\"namespaces\"} 4.0"))
                    .anyMatch(line -> line.startsWith("apiserver_storage_objects{resource=\"deployments.apps\"} 0"))
                    .noneMatch(line -> line.contains("made.up"));
            try (var lines = api.lines("/api/v1/namespaces?watch=true")) {
                assertThat(lines.limit(1)).hasSize(1);
            }
            assertThat(api.get("/metrics").text().lines())
                    .anyMatch(line -> line.startsWith("apiserver_longrunning_requests{")
                            && line.contains("resource=\"namespaces\"")
                            && line.contains("verb=\"WATCH\""));
        }
    }
}
