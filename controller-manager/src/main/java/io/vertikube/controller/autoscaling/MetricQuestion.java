package io.vertikube.controller.autoscaling;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.autoscaling.v2.ContainerResourceMetricStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import io.fabric8.kubernetes.api.model.autoscaling.v2.ExternalMetricStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricIdentifier;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricTarget;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricValueStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.ObjectMetricStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.PodsMetricStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.ResourceMetricStatus;
import io.vertikube.controller.autoscaling.MetricOutcome.Failure;
import io.vertikube.controller.autoscaling.MetricOutcome.Proposal;
import io.vertikube.controller.workload.Pods;
import io.vertikube.value.Quantities;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks one target for what its metrics say: reads the figures and has them judged. Blocks; confined to one look.
 *
 * @param current how many pods the target is told to have
 * @param counted how many it says it has
 * @param pods those that its selector matches
 * @param resources names the resource of a kind in paths, {@code ingresses.networking.k8s.io}
 */
record MetricQuestion(
        MetricsApi api,
        String namespace,
        String selector,
        int current,
        int counted,
        List<Pod> pods,
        Resources resources,
        Tolerance tolerance,
        AutoscalingTimings timings,
        Instant now) {

    /** Where an object stands in the API. */
    interface Resources {

        /** {@code plural.group} and whether it is in namespaces. */
        Place of(CrossVersionObjectReference object) throws Unmeasurable;

        /** The resource of a kind. */
        record Place(String resource, boolean namespaced) {}
    }

    MetricOutcome ask(MetricSpec metric) {
        return switch (metric.getType()) {
            case "Resource" -> answer("FailedGetResourceMetric", () -> resource(metric));
            case "ContainerResource" -> answer("FailedGetContainerResourceMetric", () -> containerResource(metric));
            case "Pods" -> answer("FailedGetPodsMetric", () -> ofPods(metric));
            case "Object" -> answer("FailedGetObjectMetric", () -> ofObject(metric));
            case "External" -> answer("FailedGetExternalMetric", () -> external(metric));
            default ->
                new Failure("InvalidMetricSourceType", "unknown metric source type \"" + metric.getType() + "\"");
        };
    }

    /** A metric that may not be told. */
    private interface Answer {
        Proposal get() throws Unmeasurable;
    }

    private static MetricOutcome answer(String reason, Answer answer) {
        try {
            return answer.get();
        } catch (Unmeasurable e) {
            return new Failure(reason, String.valueOf(e.getMessage()));
        }
    }

    private Proposal resource(MetricSpec metric) throws Unmeasurable {
        String resource = metric.getResource().getName();
        PodFigure figure = figure(resource, "", metric.getResource().getTarget(), "resource");
        var status = new MetricStatus();
        status.setType("Resource");
        status.setResource(new ResourceMetricStatus(figure.value, resource));
        return new Proposal(figure.replicas, figure.name, status);
    }

    private Proposal containerResource(MetricSpec metric) throws Unmeasurable {
        String resource = metric.getContainerResource().getName();
        String container = metric.getContainerResource().getContainer();
        PodFigure figure =
                figure(resource, container, metric.getContainerResource().getTarget(), "container resource");
        var status = new MetricStatus();
        status.setType("ContainerResource");
        status.setContainerResource(new ContainerResourceMetricStatus(container, figure.value, resource));
        return new Proposal(figure.replicas, figure.name, status);
    }

    /** What the pods' usage asks for. */
    private record PodFigure(int replicas, String name, MetricValueStatus value) {}

    private PodFigure figure(String resource, String container, MetricTarget target, String kind) throws Unmeasurable {
        Quantity value = target.getAverageValue();
        boolean byValue = value != null;
        Integer percent = target.getAverageUtilization();
        if (!byValue && percent == null) {
            throw new Unmeasurable("invalid resource metric source: neither an average utilization target nor an"
                    + " average value (usage) target was set");
        }
        String what = "failed to get " + resource + (byValue ? " usage" : " utilization");
        Map<String, PodMetric> metrics;
        try {
            metrics = api.resource(namespace, selector, resource, container);
        } catch (Unmeasurable e) {
            throw e.in("unable to get metrics for resource " + resource).in(what);
        }
        try {
            if (value != null) {
                var result = PodReplicas.ofValue(
                        current, Quantities.milli(value.toString()), resource, pods, metrics, tolerance, timings, now);
                return new PodFigure(
                        result.replicas(),
                        resource + " " + kind,
                        new MetricValueStatus(null, quantity(result.averageMilli()), null));
            }
            var result = PodReplicas.ofUtilization(
                    current,
                    percent == null ? 0 : percent,
                    resource,
                    container,
                    pods,
                    metrics,
                    tolerance,
                    timings,
                    now);
            return new PodFigure(
                    result.replicas(),
                    resource + " " + kind + " utilization (percentage of request)",
                    new MetricValueStatus(result.utilization(), quantity(result.averageMilli()), null));
        } catch (Unmeasurable e) {
            throw e.in(what);
        }
    }

    private Proposal ofPods(MetricSpec metric) throws Unmeasurable {
        MetricIdentifier id = metric.getPods().getMetric();
        try {
            Quantity target = required(metric.getPods().getTarget().getAverageValue(), "pods", "average value");
            Map<String, PodMetric> metrics = metricOf(id.getName(), () -> api.ofPods(namespace, selector, id));
            var result = PodReplicas.ofValue(
                    current, Quantities.milli(target.toString()), "", pods, metrics, tolerance, timings, now);
            var status = new MetricStatus();
            status.setType("Pods");
            status.setPods(
                    new PodsMetricStatus(new MetricValueStatus(null, quantity(result.averageMilli()), null), id));
            return new Proposal(result.replicas(), "pods metric " + id.getName(), status);
        } catch (Unmeasurable e) {
            throw e.in("failed to get pods metric value");
        }
    }

    private Proposal ofObject(MetricSpec metric) throws Unmeasurable {
        MetricIdentifier id = metric.getObject().getMetric();
        CrossVersionObjectReference object = metric.getObject().getDescribedObject();
        try {
            long used = metricOf(
                    id.getName() + ": " + object.getKind() + " on " + namespace + " " + object.getName(), () -> {
                        Resources.Place place = resources.of(object);
                        return api.ofObject(
                                place.namespaced() ? namespace : "", place.resource(), object.getName(), id);
                    });
            var figure = whole(metric.getObject().getTarget(), used, "object");
            var status = new MetricStatus();
            status.setType("Object");
            status.setObject(new ObjectMetricStatus(figure.value, object, id));
            return new Proposal(figure.replicas, object.getKind() + " metric " + id.getName(), status);
        } catch (Unmeasurable e) {
            throw e.in("failed to get object metric value");
        }
    }

    private Proposal external(MetricSpec metric) throws Unmeasurable {
        MetricIdentifier id = metric.getExternal().getMetric();
        String selectorText = MetricsApi.text(id.getSelector());
        try {
            long used;
            try {
                used = api.external(namespace, id);
            } catch (Unmeasurable e) {
                throw e.in("unable to get external metric " + namespace + "/" + id.getName() + "/" + selectorText);
            }
            var figure = whole(metric.getExternal().getTarget(), used, "external");
            var status = new MetricStatus();
            status.setType("External");
            status.setExternal(new ExternalMetricStatus(figure.value, id));
            return new Proposal(figure.replicas, "external metric " + id.getName() + "(" + selectorText + ")", status);
        } catch (Unmeasurable e) {
            throw e.in("failed to get " + id.getName() + " external metric");
        }
    }

    /** A figure of the whole target: each pod's share of it, or a value that grows with too few pods. */
    private PodFigure whole(MetricTarget target, long used, String source) throws Unmeasurable {
        if (target.getAverageValue() != null) {
            long each = Quantities.milli(target.getAverageValue().toString());
            double ratio = counted == 0 ? Double.MAX_VALUE : (double) used / ((double) each * counted);
            int wanted = tolerance.covers(ratio) ? counted : (int) Math.ceil((double) used / each);
            long average = counted == 0 ? 0 : (long) Math.ceil((double) used / counted);
            return new PodFigure(wanted, "", new MetricValueStatus(null, quantity(average), null));
        }
        long value =
                Quantities.milli(required(target.getValue(), source, "value").toString());
        double ratio = (double) used / value;
        return new PodFigure(byRatio(ratio), "", new MetricValueStatus(null, null, quantity(used)));
    }

    private int byRatio(double ratio) {
        if (current == 0) {
            return PodReplicas.ceiling(ratio, 1);
        }
        int ready = (int) pods.stream()
                .filter(pod -> Pods.phase(pod).equals("Running") && Pods.ready(pod))
                .count();
        return tolerance.covers(ratio) ? current : PodReplicas.ceiling(ratio, ready);
    }

    private static Quantity required(@Nullable Quantity target, String source, String what) throws Unmeasurable {
        if (target == null) {
            throw new Unmeasurable("invalid " + source + " metric source: no " + what + " target was set");
        }
        return target;
    }

    /** Something read about a metric. */
    private interface Read<T> {
        T get() throws Unmeasurable;
    }

    private static <T> T metricOf(String name, Read<T> read) throws Unmeasurable {
        try {
            return read.get();
        } catch (Unmeasurable e) {
            throw e.in("unable to get metric " + name);
        }
    }

    private static Quantity quantity(long milli) {
        return Quantity.parse(Quantities.decimalForm(BigDecimal.valueOf(milli, 3)));
    }
}
