package io.vertikube.controller.disruption;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Takes back a pod's condition {@code DisruptionTarget} when, two minutes later, nothing has come of it. Keys are pods.
 */
final class StaleTargets implements Reconciler {

    private static final String TARGET = "DisruptionTarget";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Informer<Pod> pods;
    private final TypedClient<Pod> client;
    private final InstantSource clock;

    StaleTargets(ControllerContext context) {
        this.pods = context.informer(Pod.class);
        this.client = context.client().of(Pod.class);
        this.clock = context.clock();
    }

    static boolean concerns(Pod pod) {
        return Pods.active(pod)
                && Pods.condition(pod, TARGET)
                        .filter(c -> "True".equals(c.getStatus()))
                        .isPresent();
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Pod> found = pods.get(key).filter(StaleTargets::concerns);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        Pod pod = found.get();
        Instant now = clock.instant();
        PodCondition target = Pods.condition(pod, TARGET).orElseThrow();
        Duration left = Duration.between(
                now, Fields.instant(target.getLastTransitionTime()).plus(PATIENCE));
        if (left.isPositive()) {
            return Outcome.again(left);
        }
        Pod next = new PodBuilder(pod)
                .editStatus()
                .editMatchingCondition(c -> TARGET.equals(c.getType()))
                .withStatus("False")
                .withLastTransitionTime(Fields.time(now))
                .endCondition()
                .endStatus()
                .build();
        try {
            client.updateStatus(next);
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
        return Outcome.done();
    }
}
