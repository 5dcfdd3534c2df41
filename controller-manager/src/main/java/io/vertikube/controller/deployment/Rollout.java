package io.vertikube.controller.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.vertikube.controller.deployment.DeploymentAction.DeleteSet;
import io.vertikube.controller.deployment.DeploymentAction.ScaleSet;
import io.vertikube.controller.workload.Fields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The next step from old ReplicaSets to the new one, for either strategy, and which sets history lets go. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy">Strategy</a>
 */
final class Rollout {
    private Rollout() {}

    /** How many pods the newest set may have now, given what the others still have. */
    static int newestSize(RolloutView view, int now) {
        int wanted = view.wanted();
        if (!ReplicaMath.isRolling(view.deployment())) {
            return wanted;
        }
        if (now > wanted) {
            return wanted;
        }
        int others = Sets.wanted(view.old());
        int limit = wanted + ReplicaMath.of(view.deployment()).maxSurge();
        int room = limit - others - now;
        return room <= 0 ? now : now + Math.min(room, wanted - now);
    }

    /** Grow (or trim) the new set if it may; else shrink the old ones as far as availability allows. */
    static List<ScaleSet> rolling(RolloutView view, ReplicaSet newest) {
        int size = newestSize(view, Sets.wanted(newest));
        if (size != Sets.wanted(newest)) {
            return List.of(scale(view.deployment(), newest, size));
        }
        return shrinkOld(view, newest);
    }

    /** Old sets go to nothing; the new one starts once the last old pod has ended. */
    static List<ScaleSet> recreate(RolloutView view) {
        return Sets.active(view.old()).stream()
                .map(set -> scale(view.deployment(), set, 0))
                .toList();
    }

    /** Old, idle sets beyond {@code revisionHistoryLimit}, lowest revision first. */
    static List<DeleteSet> cleanup(RolloutView view) {
        Integer limit = view.deployment().getSpec().getRevisionHistoryLimit();
        List<ReplicaSet> deletable = view.old().stream()
                .filter(set -> set.getMetadata().getDeletionTimestamp() == null)
                .sorted(Comparator.comparingLong((ReplicaSet set) -> Revisions.revision(set))
                        .thenComparing(Sets.OLDEST_FIRST))
                .toList();
        int surplus = deletable.size() - Fields.number(limit, 10);
        if (surplus <= 0) {
            return List.of();
        }
        return deletable.stream()
                .limit(surplus)
                .filter(Rollout::idle)
                .map(DeleteSet::new)
                .toList();
    }

    private static boolean idle(ReplicaSet set) {
        return Sets.replicas(set) == 0
                && Sets.wanted(set) == 0
                && set.getStatus() != null
                && Fields.number(set.getMetadata().getGeneration())
                        <= Fields.number(set.getStatus().getObservedGeneration());
    }

    private static List<ScaleSet> shrinkOld(RolloutView view, ReplicaSet newest) {
        List<ReplicaSet> old = Sets.active(view.old());
        if (old.isEmpty()) {
            return List.of();
        }
        int minAvailable = view.wanted() - ReplicaMath.of(view.deployment()).maxUnavailable();
        int newUnavailable = Sets.wanted(newest) - Sets.available(newest);
        int mayGo = Sets.wanted(old) + Sets.wanted(newest) - minAvailable - newUnavailable;
        if (mayGo <= 0) {
            return List.of();
        }
        Map<String, Integer> sizes = new LinkedHashMap<>();
        old.forEach(set -> sizes.put(set.getMetadata().getName(), Sets.wanted(set)));
        dropUnhealthy(old, sizes, mayGo);
        dropHealthy(old, sizes, Sets.available(old) + Sets.available(newest) - minAvailable);
        var actions = new ArrayList<ScaleSet>();
        for (ReplicaSet set : old) {
            int size = sizes.getOrDefault(set.getMetadata().getName(), Sets.wanted(set));
            if (size != Sets.wanted(set)) {
                actions.add(scale(view.deployment(), set, size));
            }
        }
        return actions;
    }

    /** Pods that are not available cost nothing to lose: they go first. */
    private static void dropUnhealthy(List<ReplicaSet> old, Map<String, Integer> sizes, int mayGo) {
        int left = mayGo;
        for (ReplicaSet set : old) {
            int drop = Math.min(left, Math.max(0, Sets.wanted(set) - Sets.available(set)));
            sizes.merge(set.getMetadata().getName(), -drop, Integer::sum);
            left -= drop;
        }
    }

    private static void dropHealthy(List<ReplicaSet> old, Map<String, Integer> sizes, int mayGo) {
        int left = Math.max(0, mayGo);
        for (ReplicaSet set : old) {
            String name = set.getMetadata().getName();
            int drop = Math.min(left, sizes.getOrDefault(name, 0));
            sizes.merge(name, -drop, Integer::sum);
            left -= drop;
        }
    }

    static ScaleSet scale(Deployment deployment, ReplicaSet set, int replicas) {
        return new ScaleSet(Revisions.scaled(set, deployment, replicas), Sets.wanted(set));
    }
}
