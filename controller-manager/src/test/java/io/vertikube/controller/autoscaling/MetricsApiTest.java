package io.vertikube.controller.autoscaling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricIdentifier;
import io.vertikube.object.ApiErrors;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsApiTest {

    private final Map<String, String> served = new HashMap<>();
    private final MetricsApi api = new MetricsApi(path -> {
        String body = served.get(path);
        if (body == null) {
            throw ApiErrors.noSuchResource();
        }
        return body.getBytes(UTF_8);
    });

    private static final String PODS = "/apis/metrics.k8s.io/v1beta1/namespaces/ns/pods?labelSelector=a%3Db";

    @Test
    void aPodUsesWhatItsContainersUse() throws Unmeasurable {
        served.put(PODS, """
                {"items":[
                 {"metadata":{"name":"p"},"timestamp":"2026-01-01T00:00:00Z","window":"15.5s","containers":[
                  {"name":"c","usage":{"cpu":"1500000n","memory":"1Ki"}},{"name":"d","usage":{"cpu":"1","memory":"1"}}]},
                 {"metadata":{"name":"q"},"timestamp":"2026-01-01T00:00:00Z","window":"15s","containers":[
                  {"name":"c","usage":{"memory":"1Ki"}}]}]}""");
        Map<String, PodMetric> cpu = api.resource("ns", "a=b", "cpu", "");
        assertThat(cpu).containsOnlyKeys("p");
        assertThat(cpu.get("p").milli()).isEqualTo(1002);
        assertThat(cpu.get("p").window()).isEqualTo(Duration.ofMillis(15500));
        assertThat(api.resource("ns", "a=b", "memory", "c").get("p").milli()).isEqualTo(1_024_000);
        assertThatThrownBy(() -> api.resource("ns", "a=b", "cpu", "d"))
                .hasMessage("container d not present in metrics for pod ns/q");
    }

    @Test
    void whatIsNotServedIsSaid() {
        assertThatThrownBy(() -> api.resource("ns", "a=b", "cpu", ""))
                .hasMessage("unable to fetch metrics from resource metrics API: the server could not find the requested"
                        + " resource (get pods.metrics.k8s.io)");
        assertThatThrownBy(() -> api.ofPods("ns", "a=b", new MetricIdentifier("m", null)))
                .hasMessage("unable to fetch metrics from custom metrics API: no custom metrics API"
                        + " (custom.metrics.k8s.io) registered");
        assertThatThrownBy(() -> api.external("ns", new MetricIdentifier("m", null)))
                .hasMessageContaining("(get m.external.metrics.k8s.io)");
        served.put(PODS, "{\"items\":[]}");
        assertThatThrownBy(() -> api.resource("ns", "a=b", "cpu", ""))
                .hasMessage("no metrics returned from resource metrics API");
    }

    @Test
    void customAndExternalMetricsAreRead() throws Unmeasurable {
        var selector = new LabelSelectorBuilder().addToMatchLabels("x", "y").build();
        served.put("/apis/custom.metrics.k8s.io", "{\"preferredVersion\":{\"version\":\"v1beta2\"}}");
        String custom = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/";
        served.put(
                custom + "pods/*/rate?labelSelector=a%3Db&metricLabelSelector=x%3Dy",
                "{\"items\":[{\"describedObject\":{\"name\":\"p\"},\"timestamp\":\"2026-01-01T00:00:00Z\","
                        + "\"windowSeconds\":30,\"value\":\"1500m\"}]}");
        served.put(custom + "ingresses.networking.k8s.io/web/hits", "{\"items\":[{\"value\":\"2k\"}]}");
        served.put(
                "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/queue?labelSelector=x%3Dy",
                "{\"items\":[{\"value\":\"3\"},{\"value\":\"4\"}]}");
        assertThat(api.ofPods("ns", "a=b", new MetricIdentifier("rate", selector))
                        .get("p"))
                .satisfies(metric -> assertThat(metric.milli()).isEqualTo(1500))
                .satisfies(metric -> assertThat(metric.window()).isEqualTo(Duration.ofSeconds(30)));
        assertThat(api.ofObject("ns", "ingresses.networking.k8s.io", "web", new MetricIdentifier("hits", null)))
                .isEqualTo(2_000_000);
        assertThat(api.external("ns", new MetricIdentifier("queue", selector))).isEqualTo(7000);
    }
}
