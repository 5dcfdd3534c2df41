package io.vertikube.controller.replicaset;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.vertikube.controller.workload.DeletionRank;
import io.vertikube.controller.workload.Fields;
import java.time.Instant;
import java.util.List;

/**
 * How many pods a ReplicaSet creates and which it deletes to reach its count, at most {@link #BURST} at once. Immutable.
 */
public record ReplicaSetPlan(int create, List<Pod> delete) {
    /** Pods created or deleted in one go; the rest follows when these have been seen. */
    static final int BURST = 500;

    public ReplicaSetPlan {
        delete = List.copyOf(delete);
    }

    /**
     * @param pods the active pods it controls
     * @param siblings active pods of everything that shares its controller, for judging which nodes are crowded
     */
    public static ReplicaSetPlan of(ReplicaSet set, List<Pod> pods, List<Pod> siblings, Instant now) {
        int wanted = Fields.number(set.getSpec().getReplicas(), 1);
        int missing = wanted - pods.size();
        if (missing >= 0) {
            return new ReplicaSetPlan(Math.min(missing, BURST), List.of());
        }
        return new ReplicaSetPlan(0, DeletionRank.choose(Math.min(-missing, BURST), pods, siblings, now));
    }
}
