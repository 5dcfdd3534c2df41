package io.vertikube.controller.autoscaling;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.discovery.Discovery;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Same;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.LabelRequirements;
import io.vertikube.value.Selectors;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each autoscaler once a sync period: reads scale and metrics, plans, resizes, tells. What was recommended lately
 * is remembered for one term and begins anew with the next, at the number that stands. Safe for any thread.
 */
public final class AutoscalerReconciler implements Reconciler {

    private static final String COMPONENT = "horizontal-pod-autoscaler";

    private final ApiClient client;
    private final Informer<HorizontalPodAutoscaler> autoscalers;
    private final Informer<Pod> pods;
    private final TypedClient<HorizontalPodAutoscaler> writes;
    private final Discovery discovery;
    private final MetricsApi metrics;
    private final EventRecorder events;
    private final AutoscalingTimings timings;
    private final InstantSource clock;
    private final Map<ObjectKey, Recommendations> histories = new ConcurrentHashMap<>();

    /** Whose pods each autoscaler counts, to find two that count the same. */
    private final Map<ObjectKey, LabelRequirements> selectors = new ConcurrentHashMap<>();

    AutoscalerReconciler(ControllerContext context, AutoscalingTimings timings) {
        this.client = context.client();
        this.autoscalers = context.informer(HorizontalPodAutoscaler.class);
        this.pods = context.informer(Pod.class);
        this.writes = client.of(HorizontalPodAutoscaler.class);
        this.discovery = new Discovery(client);
        this.metrics = new MetricsApi(path -> client.raw("GET", path, null, null));
        this.events = context.events(COMPONENT);
        this.timings = timings;
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers, AutoscalingTimings timings) {
        var reconciler = new AutoscalerReconciler(context, timings);
        Controller queue = context.queue("horizontal-pod-autoscaler-controller", workers, reconciler);
        reconciler.autoscalers.onChange((before, after) -> {
            HorizontalPodAutoscaler changed = after == null ? before : after;
            boolean same = before != null && after != null && before.getSpec().equals(after.getSpec());
            if (changed != null && !same) {
                queue.enqueue(ObjectKey.of(changed));
            }
        });
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<HorizontalPodAutoscaler> found = autoscalers.get(key);
        if (found.isEmpty()) {
            histories.remove(key);
            selectors.remove(key);
            return Outcome.done();
        }
        HorizontalPodAutoscaler autoscaler = found.get();
        if (autoscaler.getMetadata().getDeletionTimestamp() == null) {
            look(key, autoscaler);
        }
        return Outcome.again(timings.syncPeriod());
    }

    private void look(ObjectKey key, HorizontalPodAutoscaler autoscaler) {
        Instant now = clock.instant();
        var conditions = new AutoscalerConditions(autoscaler, now);
        ScaleTarget target;
        try {
            target = ScaleTarget.read(
                    client, discovery, key.namespace(), autoscaler.getSpec().getScaleTargetRef());
        } catch (Unmeasurable e) {
            events.warning(autoscaler, "FailedGetScale", String.valueOf(e.getMessage()));
            conditions.set(
                    "AbleToScale",
                    false,
                    "FailedGetScale",
                    "the HPA controller was unable to get the target's current scale: " + e.getMessage());
            write(autoscaler, unchanged(autoscaler, conditions));
            return;
        }
        conditions.set(
                "AbleToScale",
                true,
                "SucceededGetScale",
                "the HPA controller was able to get the target's current scale");
        int current = target.wanted();
        List<MetricOutcome> outcomes = List.of();
        if (ScalingPlan.needsMetrics(autoscaler, current)) {
            Optional<LabelRequirements> selector = selector(key, autoscaler, target, conditions);
            if (selector.isEmpty()) {
                write(autoscaler, status(autoscaler, current, desired(autoscaler), conditions, List.of(), null));
                return;
            }
            outcomes = ask(key, autoscaler, target, selector.get(), now);
        }
        ScalingPlan plan = ScalingPlan.of(
                autoscaler,
                current,
                outcomes,
                conditions,
                histories.getOrDefault(key, Recommendations.NONE),
                timings,
                now);
        histories.put(key, plan.history());
        carryOut(key, autoscaler, target, plan, now);
    }

    private List<MetricOutcome> ask(
            ObjectKey key,
            HorizontalPodAutoscaler autoscaler,
            ScaleTarget target,
            LabelRequirements selector,
            Instant now) {
        var question = new MetricQuestion(
                metrics,
                key.namespace(),
                selector.toString(),
                target.wanted(),
                target.counted(),
                matched(key.namespace(), selector),
                object -> {
                    var type = ScaleTarget.type(discovery, Fields.text(object.getApiVersion()), object.getKind());
                    return new MetricQuestion.Resources.Place(
                            type.group().isEmpty() ? type.plural() : type.plural() + "." + type.group(),
                            type.namespaced());
                },
                Tolerance.of(autoscaler, timings.tolerance()),
                timings,
                now);
        return Fields.list(autoscaler.getSpec().getMetrics()).stream()
                .map(question::ask)
                .toList();
    }

    private List<Pod> matched(String namespace, LabelRequirements selector) {
        return pods.list(namespace).stream()
                .filter(pod -> selector.matches(Fields.map(pod.getMetadata().getLabels())))
                .toList();
    }

    /** The selector of the target's pods, if it has one that no other autoscaler's pods fall under. */
    private Optional<LabelRequirements> selector(
            ObjectKey key, HorizontalPodAutoscaler autoscaler, ScaleTarget target, AutoscalerConditions conditions) {
        if (target.selector().isEmpty()) {
            selectors.remove(key);
            events.warning(autoscaler, "SelectorRequired", "selector is required");
            conditions.set("ScalingActive", false, "InvalidSelector", "the HPA target's scale is missing a selector");
            return Optional.empty();
        }
        LabelRequirements selector;
        try {
            selector = Selectors.labels(target.selector());
        } catch (IllegalArgumentException e) {
            selectors.remove(key);
            String why = "couldn't convert selector into a corresponding internal selector object: " + e.getMessage();
            events.warning(autoscaler, "InvalidSelector", why);
            conditions.set("ScalingActive", false, "InvalidSelector", why);
            return Optional.empty();
        }
        selectors.put(key, selector);
        List<Pod> own = matched(key.namespace(), selector);
        List<String> rivals = selectors.entrySet().stream()
                .filter(other -> other.getKey().namespace().equals(key.namespace()))
                .filter(other -> other.getKey().equals(key)
                        || own.stream()
                                .anyMatch(pod -> other.getValue()
                                        .matches(Fields.map(pod.getMetadata().getLabels()))))
                .map(other -> other.getKey().namespace() + "/" + other.getKey().name())
                .sorted()
                .toList();
        if (rivals.size() > 1) {
            String why = "pods by selector " + selector + " are controlled by multiple HPAs: ["
                    + String.join(" ", rivals) + "]";
            events.warning(autoscaler, "AmbiguousSelector", why);
            conditions.set("ScalingActive", false, "AmbiguousSelector", why);
            return Optional.empty();
        }
        return Optional.of(selector);
    }

    private void carryOut(
            ObjectKey key, HorizontalPodAutoscaler autoscaler, ScaleTarget target, ScalingPlan plan, Instant now) {
        int current = target.wanted();
        AutoscalerConditions conditions = plan.conditions();
        plan.say().forEach(failure -> events.warning(autoscaler, failure.reason(), failure.message()));
        if (!plan.computed()) {
            write(autoscaler, status(autoscaler, current, desired(autoscaler), conditions, plan.metrics(), null));
            return;
        }
        if (plan.desired() == current) {
            write(autoscaler, status(autoscaler, current, current, conditions, plan.metrics(), null));
            return;
        }
        try {
            target.resize(plan.desired());
        } catch (ApiException e) {
            events.warning(
                    autoscaler,
                    "FailedRescale",
                    "New size: " + plan.desired() + "; reason: " + plan.why() + "; error: " + e.getMessage());
            conditions.set(
                    "AbleToScale",
                    false,
                    "FailedUpdateScale",
                    "the HPA controller was unable to update the target scale: " + e.getMessage());
            write(autoscaler, status(autoscaler, current, desired(autoscaler), conditions, plan.metrics(), null));
            return;
        }
        histories.put(key, plan.history().scaled(current, plan.desired(), now));
        conditions.set(
                "AbleToScale",
                true,
                "SucceededRescale",
                "the HPA controller was able to update the target scale to " + plan.desired());
        events.normal(autoscaler, "SuccessfulRescale", "New size: " + plan.desired() + "; reason: " + plan.why());
        write(autoscaler, status(autoscaler, current, plan.desired(), conditions, plan.metrics(), now));
    }

    private static int desired(HorizontalPodAutoscaler autoscaler) {
        return autoscaler.getStatus() == null
                ? 0
                : Fields.number(autoscaler.getStatus().getDesiredReplicas());
    }

    private static HorizontalPodAutoscalerStatus unchanged(
            HorizontalPodAutoscaler autoscaler, AutoscalerConditions conditions) {
        var before = autoscaler.getStatus();
        return status(
                autoscaler,
                before == null ? 0 : Fields.number(before.getCurrentReplicas()),
                desired(autoscaler),
                conditions,
                before == null ? List.of() : Fields.list(before.getCurrentMetrics()),
                null);
    }

    private static HorizontalPodAutoscalerStatus status(
            HorizontalPodAutoscaler autoscaler,
            int current,
            int desired,
            AutoscalerConditions conditions,
            List<MetricStatus> metrics,
            @Nullable Instant scaledAt) {
        var before = autoscaler.getStatus();
        String last = before == null ? null : before.getLastScaleTime();
        return new HorizontalPodAutoscalerStatus(
                conditions.list(),
                metrics,
                current,
                desired,
                scaledAt == null ? last : Fields.time(scaledAt),
                autoscaler.getMetadata().getGeneration());
    }

    /** What was done is told even if the autoscaler was changed meanwhile. */
    private void write(HorizontalPodAutoscaler autoscaler, HorizontalPodAutoscalerStatus status) {
        if (Same.meaning(status, autoscaler.getStatus())) {
            return;
        }
        try {
            writes.updateStatus(with(autoscaler, status));
        } catch (ApiException e) {
            if (!e.isConflict()) {
                throw e;
            }
            Optional<HorizontalPodAutoscaler> fresh = writes.find(
                    autoscaler.getMetadata().getNamespace(),
                    autoscaler.getMetadata().getName());
            if (fresh.isPresent()
                    && fresh.get()
                            .getMetadata()
                            .getUid()
                            .equals(autoscaler.getMetadata().getUid())) {
                writes.updateStatus(with(fresh.get(), status));
            }
        }
    }

    private static HorizontalPodAutoscaler with(
            HorizontalPodAutoscaler autoscaler, HorizontalPodAutoscalerStatus status) {
        return new HorizontalPodAutoscalerBuilder(autoscaler).withStatus(status).build();
    }
}
