package io.vertikube.controller.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.vertikube.controller.deployment.DeploymentAction.ScaleSet;
import io.vertikube.controller.workload.Fields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Spreads a changed size over the ReplicaSets: to the only active one; else, during a rolling update, over all in proportion,
 * so that a rollout that stands still keeps its share of risk. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#proportional-scaling">Proportional
 *     scaling</a>
 */
final class Scaling {
    private Scaling() {}

    /** Whether an active set was last sized for another count than the Deployment asks for now. */
    static boolean isDue(RolloutView view) {
        return Sets.active(view.all()).stream().anyMatch(set -> !Revisions.sizeIsKnown(set, view.deployment()));
    }

    static List<ScaleSet> plan(RolloutView view) {
        Deployment deployment = view.deployment();
        Optional<ReplicaSet> only = onlyActive(view);
        if (only.isPresent()) {
            return resize(only.get(), deployment, view.wanted());
        }
        if (view.newest().filter(set -> saturated(set, deployment)).isPresent()) {
            var actions = new ArrayList<ScaleSet>();
            Sets.active(view.old()).forEach(set -> actions.addAll(resize(set, deployment, 0)));
            return actions;
        }
        return ReplicaMath.isRolling(deployment) ? proportional(view) : List.of();
    }

    /** The set that takes the whole size, if there is one: the only active, or the newest when none is active. */
    private static Optional<ReplicaSet> onlyActive(RolloutView view) {
        List<ReplicaSet> active = Sets.active(view.all());
        return switch (active.size()) {
            case 0 ->
                view.newest()
                        .or(() -> view.old().isEmpty()
                                ? Optional.empty()
                                : Optional.of(view.old().getLast()));
            case 1 -> Optional.of(active.getFirst());
            default -> Optional.empty();
        };
    }

    private static boolean saturated(ReplicaSet set, Deployment deployment) {
        int wanted = Sets.wanted(deployment);
        return Sets.wanted(set) == wanted
                && Sets.available(set) == wanted
                && Integer.toString(wanted)
                        .equals(Fields.map(set.getMetadata().getAnnotations()).get(Revisions.DESIRED));
    }

    private static List<ScaleSet> proportional(RolloutView view) {
        Deployment deployment = view.deployment();
        List<ReplicaSet> active = Sets.active(view.all());
        int surge = ReplicaMath.of(deployment).maxSurge();
        int allowed = view.wanted() > 0 ? view.wanted() + surge : 0;
        int toAdd = allowed - Sets.wanted(active);
        var largestFirst = new ArrayList<>(active);
        Comparator<ReplicaSet> age = toAdd > 0 ? Sets.OLDEST_FIRST.reversed() : Sets.OLDEST_FIRST;
        largestFirst.sort(Comparator.comparing((ReplicaSet set) -> Sets.wanted(set), Comparator.reverseOrder())
                .thenComparing(age));
        int[] sizes = new int[largestFirst.size()];
        int added = 0;
        for (int i = 0; i < sizes.length; i++) {
            ReplicaSet set = largestFirst.get(i);
            int share = share(set, deployment, toAdd - added);
            sizes[i] = Sets.wanted(set) + share;
            added += share;
        }
        if (sizes.length > 0) {
            sizes[0] = Math.max(0, sizes[0] + toAdd - added);
        }
        var actions = new ArrayList<ScaleSet>();
        for (int i = 0; i < sizes.length; i++) {
            actions.addAll(resize(largestFirst.get(i), deployment, sizes[i]));
        }
        return actions;
    }

    private static int share(ReplicaSet set, Deployment deployment, int left) {
        if (left == 0 || Sets.wanted(set) == 0) {
            return 0;
        }
        int fraction = fraction(set, deployment);
        return left > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
    }

    private static int fraction(ReplicaSet set, Deployment deployment) {
        int size = Sets.wanted(set);
        if (Sets.wanted(deployment) == 0) {
            return -size;
        }
        int limit = Sets.wanted(deployment) + ReplicaMath.of(deployment).maxSurge();
        int statusReplicas = deployment.getStatus() == null
                ? 0
                : Fields.number(deployment.getStatus().getReplicas());
        int before = Revisions.sizeBefore(set, statusReplicas);
        if (before == 0) {
            return 0;
        }
        return (int) Math.round((double) size * limit / before) - size;
    }

    /** A write for a set whose count or size annotations change; none when both stand. */
    private static List<ScaleSet> resize(ReplicaSet set, Deployment deployment, int replicas) {
        ReplicaSet resized = Revisions.scaled(set, deployment, replicas);
        boolean unchanged = Sets.wanted(set) == replicas
                && Fields.map(resized.getMetadata().getAnnotations())
                        .equals(Fields.map(set.getMetadata().getAnnotations()));
        return unchanged ? List.of() : List.of(new ScaleSet(resized, Sets.wanted(set)));
    }
}
