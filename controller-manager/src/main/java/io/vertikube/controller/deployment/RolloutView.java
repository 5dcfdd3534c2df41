package io.vertikube.controller.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Deployment with its ReplicaSets: the one whose template it wants now, and the earlier ones. Immutable.
 *
 * @param old earlier sets, oldest first
 * @param oldPodsRun whether a pod of an earlier set is still to finish
 */
record RolloutView(Deployment deployment, Optional<ReplicaSet> newest, List<ReplicaSet> old, boolean oldPodsRun) {
    RolloutView {
        old = List.copyOf(old);
    }

    static RolloutView of(Deployment deployment, List<ReplicaSet> owned, boolean oldPodsRun) {
        List<ReplicaSet> sorted = owned.stream().sorted(Sets.OLDEST_FIRST).toList();
        Optional<ReplicaSet> newest = Sets.newest(deployment, sorted);
        List<ReplicaSet> old = sorted.stream()
                .filter(set -> newest.isEmpty() || !Sets.same(set, newest.get()))
                .toList();
        return new RolloutView(deployment, newest, old, oldPodsRun);
    }

    List<ReplicaSet> all() {
        var all = new ArrayList<>(old);
        newest.ifPresent(all::add);
        return all;
    }

    int wanted() {
        return Sets.wanted(deployment);
    }
}
