package io.vertikube.controller.workload;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.Preconditions;
import io.vertikube.client.TypedClient;
import io.vertikube.object.ApiException;
import java.time.Instant;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Ends a pod that would rather have gone on, with condition {@code DisruptionTarget} telling who did it and why. Blocks; safe for
 * any thread but event loops.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions">Pod disruption
 *     conditions</a>
 */
public final class Disruption {
    private final TypedClient<Pod> pods;

    public Disruption(TypedClient<Pod> pods) {
        this.pods = pods;
    }

    /**
     * Writes the condition (and phase Failed, for a pod whose node cannot say so any more), then deletes.
     *
     * @param graceSeconds null for the pod's own
     */
    public void end(
            Pod pod, boolean markFailed, String reason, String message, @Nullable Long graceSeconds, Instant now) {
        try {
            pods.updateStatus(marked(pod, markFailed && !Pods.finished(pod), reason, message, now));
            delete(pod, graceSeconds);
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
    }

    /** Deletes exactly this pod. */
    public void delete(Pod pod, @Nullable Long graceSeconds) {
        var options = new DeleteOptions();
        options.setPreconditions(new Preconditions(null, pod.getMetadata().getUid()));
        options.setGracePeriodSeconds(graceSeconds);
        try {
            pods.delete(pod.getMetadata().getNamespace(), pod.getMetadata().getName(), options);
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
    }

    private static Pod marked(Pod pod, boolean failed, String reason, String message, Instant now) {
        var conditions = new ArrayList<PodCondition>();
        if (pod.getStatus() != null) {
            conditions.addAll(Fields.list(pod.getStatus().getConditions()));
        }
        conditions.removeIf(condition -> "DisruptionTarget".equals(condition.getType()));
        conditions.add(new PodConditionBuilder()
                .withType("DisruptionTarget")
                .withStatus("True")
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(Fields.time(now))
                .build());
        String phase = failed ? "Failed" : Pods.phase(pod);
        return new PodBuilder(pod)
                .editOrNewStatus()
                .withPhase(phase)
                .withConditions(conditions)
                .endStatus()
                .build();
    }
}
