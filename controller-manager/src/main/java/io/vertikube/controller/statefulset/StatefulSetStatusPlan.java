package io.vertikube.controller.statefulset;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import java.time.Instant;
import java.util.List;

/** The status of a StatefulSet from its pods. Pure. */
final class StatefulSetStatusPlan {
    private StatefulSetStatusPlan() {}

    static StatefulSetStatus of(StatefulSet set, List<Pod> pods, String current, String update, Instant now) {
        int delay = Fields.number(set.getSpec().getMinReadySeconds());
        int replicas = 0;
        int ready = 0;
        int available = 0;
        int ofCurrent = 0;
        int ofUpdate = 0;
        for (Pod pod : pods) {
            if (Pods.finished(pod)) {
                continue;
            }
            replicas++;
            if (Pods.ready(pod) && Pods.phase(pod).equals("Running")) {
                ready++;
                if (Pods.available(pod, delay, now)) {
                    available++;
                }
            }
            if (!Pods.terminating(pod)) {
                ofCurrent += current.equals(StatefulPod.revision(pod)) ? 1 : 0;
                ofUpdate += update.equals(StatefulPod.revision(pod)) ? 1 : 0;
            }
        }
        int wanted = StatefulSetPlan.replicas(set);
        boolean complete = StatefulSetPlan.rolling(set) && ofUpdate == wanted && replicas == wanted && ready == wanted;
        StatefulSetStatus old = set.getStatus() == null ? new StatefulSetStatus() : set.getStatus();
        return new StatefulSetStatusBuilder(old)
                .withObservedGeneration(set.getMetadata().getGeneration())
                .withReplicas(replicas)
                .withReadyReplicas(Fields.count(ready))
                .withAvailableReplicas(available)
                .withCurrentReplicas(Fields.count(complete ? ofUpdate : ofCurrent))
                .withUpdatedReplicas(Fields.count(ofUpdate))
                .withCurrentRevision(complete ? update : current)
                .withUpdateRevision(update)
                .withCollisionCount(Fields.number(old.getCollisionCount()))
                .build();
    }
}
