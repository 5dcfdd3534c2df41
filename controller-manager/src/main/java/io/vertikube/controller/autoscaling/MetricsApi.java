package io.vertikube.controller.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricIdentifier;
import io.vertikube.client.UnreachableException;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertikube.value.Durations;
import io.vertikube.value.Quantities;
import io.vertikube.value.Selectors;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code metrics.k8s.io}, {@code custom.metrics.k8s.io} and {@code external.metrics.k8s.io}; values are in
 * thousandths. Blocks; safe for any thread.
 */
final class MetricsApi {

    private static final String RESOURCE = "/apis/metrics.k8s.io/v1beta1";
    private static final String CUSTOM = "/apis/custom.metrics.k8s.io";
    private static final String EXTERNAL = "/apis/external.metrics.k8s.io/v1beta1";
    private static final Duration USUAL_WINDOW = Duration.ofMinutes(1);

    private final Function<String, byte[]> get;

    /** @param get the body of a path; throws what the client throws */
    MetricsApi(Function<String, byte[]> get) {
        this.get = get;
    }

    /**
     * A resource of the pods that a selector matches, by pod name.
     *
     * @param container empty for the sum of all; else pods without it are an error
     */
    Map<String, PodMetric> resource(String namespace, String selector, String resource, String container)
            throws Unmeasurable {
        String path = RESOURCE + "/namespaces/" + namespace + "/pods?labelSelector=" + encode(selector);
        JsonNode items =
                read(path, "resource metrics API", "pods.metrics.k8s.io").path("items");
        if (items.isEmpty()) {
            throw new Unmeasurable("no metrics returned from resource metrics API");
        }
        Map<String, PodMetric> metrics = new HashMap<>();
        for (JsonNode item : items) {
            String pod = item.path("metadata").path("name").asText();
            long sum = 0;
            boolean found = false;
            boolean whole = true;
            for (JsonNode each : item.path("containers")) {
                if (container.isEmpty() || each.path("name").asText().equals(container)) {
                    found = true;
                    JsonNode usage = each.path("usage").path(resource);
                    whole &= usage.isTextual();
                    sum += usage.isTextual() ? Quantities.milli(usage.asText()) : 0;
                }
            }
            if (!found && !container.isEmpty()) {
                throw new Unmeasurable(
                        "container " + container + " not present in metrics for pod " + namespace + "/" + pod);
            }
            if (found && whole) {
                metrics.put(
                        pod,
                        new PodMetric(
                                Fields.instant(item.path("timestamp").asText()),
                                window(item.path("window").asText("")),
                                sum));
            }
        }
        return metrics;
    }

    /** A custom metric of the pods that a selector matches, by pod name. */
    Map<String, PodMetric> ofPods(String namespace, String selector, MetricIdentifier metric) throws Unmeasurable {
        String path = custom() + "/namespaces/" + namespace + "/pods/*/" + metric.getName() + "?labelSelector="
                + encode(selector) + metricSelector(metric.getSelector());
        JsonNode items =
                read(path, "custom metrics API", "pods.custom.metrics.k8s.io").path("items");
        if (items.isEmpty()) {
            throw new Unmeasurable("no metrics returned from custom metrics API");
        }
        Map<String, PodMetric> metrics = new HashMap<>();
        for (JsonNode item : items) {
            metrics.put(
                    item.path("describedObject").path("name").asText(),
                    new PodMetric(
                            Fields.instant(item.path("timestamp").asText()),
                            item.has("windowSeconds")
                                    ? Duration.ofSeconds(
                                            item.path("windowSeconds").asLong())
                                    : USUAL_WINDOW,
                            Quantities.milli(item.path("value").asText("0"))));
        }
        return metrics;
    }

    /**
     * A custom metric of one object.
     *
     * @param resource {@code plural.group} as the path has it
     * @param namespace empty for an object of the cluster
     */
    long ofObject(String namespace, String resource, String name, MetricIdentifier metric) throws Unmeasurable {
        String place = namespace.isEmpty() ? "/" : "/namespaces/" + namespace + "/";
        String selector = metricSelector(metric.getSelector());
        String path = custom() + place + resource + "/" + name + "/" + metric.getName()
                + (selector.isEmpty() ? "" : "?" + selector.substring(1));
        JsonNode items = read(path, "custom metrics API", resource + ".custom.metrics.k8s.io")
                .path("items");
        if (items.size() != 1) {
            throw new Unmeasurable("custom metrics API returned " + items.size() + " values for one object");
        }
        return Quantities.milli(items.path(0).path("value").asText("0"));
    }

    /** The sum of an external metric's values. */
    long external(String namespace, MetricIdentifier metric) throws Unmeasurable {
        String path = EXTERNAL + "/namespaces/" + namespace + "/" + metric.getName() + "?labelSelector="
                + encode(text(metric.getSelector()));
        JsonNode items = read(path, "external metrics API", metric.getName() + ".external.metrics.k8s.io")
                .path("items");
        if (items.isEmpty()) {
            throw new Unmeasurable("no metrics returned from external metrics API");
        }
        long sum = 0;
        for (JsonNode item : items) {
            sum += Quantities.milli(item.path("value").asText("0"));
        }
        return sum;
    }

    /** A selector of labels as its text; empty for none. */
    static String text(@Nullable LabelSelector selector) {
        return selector == null ? "" : Selectors.labels(selector).toString();
    }

    private static String metricSelector(@Nullable LabelSelector selector) {
        String text = text(selector);
        return text.isEmpty() ? "" : "&metricLabelSelector=" + encode(text);
    }

    private String custom() throws Unmeasurable {
        try {
            String version = Json.tree(get.apply(CUSTOM))
                    .path("preferredVersion")
                    .path("version")
                    .asText("v1beta1");
            return CUSTOM + "/" + version;
        } catch (ApiException e) {
            throw e.isNotFound()
                    ? new Unmeasurable("unable to fetch metrics from custom metrics API: no custom metrics API"
                            + " (custom.metrics.k8s.io) registered")
                    : new Unmeasurable("unable to fetch metrics from custom metrics API: " + e.getMessage());
        }
    }

    /** @param what the resource that a refusal is about, as clients name it */
    private JsonNode read(String path, String api, String what) throws Unmeasurable {
        try {
            return Json.tree(get.apply(path));
        } catch (ApiException | UnreachableException e) {
            throw new Unmeasurable("unable to fetch metrics from " + api + ": " + e.getMessage()
                    + (e instanceof ApiException refused && refused.isNotFound() ? " (get " + what + ")" : ""));
        }
    }

    private static Duration window(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            return USUAL_WINDOW;
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
