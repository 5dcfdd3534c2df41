package io.vertikube.controller.statefulset;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import io.vertikube.controller.workload.Portion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The next steps for the pods of a StatefulSet. Ordered, it takes one step and waits for its pod; in parallel it takes all that
 * scaling asks for. Updates take one pod at a time, or as many as {@code maxUnavailable} says. Immutable.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees">
 *     Deployment and scaling guarantees</a>
 */
record StatefulSetPlan(List<Step> steps, Optional<Duration> lookAgain) {
    StatefulSetPlan {
        steps = List.copyOf(steps);
    }

    /** One write. */
    sealed interface Step {
        /** Create the pod with a number, of the current or the update revision. */
        record Create(int ordinal, boolean updated) implements Step {}

        /** Delete a pod, for a reason that goes into its event. */
        record Delete(Pod pod, Why why) implements Step {}

        /** Why a pod is deleted. */
        enum Why {
            SURPLUS,
            OUTDATED,
            FAILED,
            ENDED
        }
    }

    /**
     * @param current name of the revision that pods were of before the rollout
     * @param update name of the revision they are to be of
     */
    static StatefulSetPlan of(StatefulSet set, List<Pod> pods, String current, String update, Instant now) {
        var pass = new Pass(set, pods, current, update, now);
        if (set.getMetadata().getDeletionTimestamp() == null) {
            pass.run();
        }
        return new StatefulSetPlan(pass.steps, pass.lookAgain);
    }

    static int start(StatefulSet set) {
        return set.getSpec().getOrdinals() == null
                ? 0
                : Fields.number(set.getSpec().getOrdinals().getStart());
    }

    static int replicas(StatefulSet set) {
        return Fields.number(set.getSpec().getReplicas(), 1);
    }

    static boolean rolling(StatefulSet set) {
        return set.getSpec().getUpdateStrategy() == null
                || !"OnDelete".equals(set.getSpec().getUpdateStrategy().getType());
    }

    /** One pass; confined to the call that makes it. */
    private static final class Pass {
        private final StatefulSet set;
        private final String current;
        private final String update;
        private final Instant now;
        private final boolean ordered;
        private final int first;
        private final int end;
        private final int minReadySeconds;
        private final TreeMap<Integer, Pod> wanted = new TreeMap<>();
        private final TreeMap<Integer, Pod> surplus = new TreeMap<>(Comparator.reverseOrder());
        private final List<Step> steps = new ArrayList<>();
        private Optional<Duration> lookAgain = Optional.empty();

        private Pass(StatefulSet set, List<Pod> pods, String current, String update, Instant now) {
            this.set = set;
            this.current = current;
            this.update = update;
            this.now = now;
            this.ordered = !"Parallel".equals(set.getSpec().getPodManagementPolicy());
            this.first = start(set);
            this.end = first + replicas(set);
            this.minReadySeconds = Fields.number(set.getSpec().getMinReadySeconds());
            for (Pod pod : pods) {
                StatefulPod.ordinal(set, pod)
                        .ifPresent(ordinal -> (ordinal >= first && ordinal < end ? wanted : surplus).put(ordinal, pod));
            }
        }

        private void run() {
            if (fillUp() && drain() && rolling(set)) {
                int most = maxUnavailable();
                if (most == 1) {
                    updateOne();
                } else {
                    updateSome(most);
                }
            }
        }

        /** Creates what is missing, from the lowest number up; whether the pass may go on. */
        private boolean fillUp() {
            for (int ordinal = first; ordinal < end; ordinal++) {
                Pod pod = wanted.get(ordinal);
                if (pod == null) {
                    steps.add(new Step.Create(ordinal, !startsAsCurrent(ordinal)));
                    if (ordered) {
                        return false;
                    }
                } else if (Pods.finished(pod)) {
                    if (!Pods.terminating(pod)) {
                        steps.add(new Step.Delete(pod, Pods.failed(pod) ? Step.Why.FAILED : Step.Why.ENDED));
                    }
                    if (ordered) {
                        return false;
                    }
                } else if (ordered && !settled(pod)) {
                    return false;
                }
            }
            return true;
        }

        /** Deletes what is too much, from the highest number down. */
        private boolean drain() {
            Optional<Pod> firstUnhealthy = surplus.descendingMap().values().stream()
                    .filter(pod -> !Pods.ready(pod) || Pods.terminating(pod))
                    .findFirst();
            for (Pod pod : surplus.values()) {
                if (Pods.terminating(pod)) {
                    if (ordered) {
                        return false;
                    }
                    continue;
                }
                boolean another = firstUnhealthy
                        .filter(unhealthy -> !unhealthy.equals(pod))
                        .isPresent();
                if (ordered && another && !settled(pod)) {
                    return false;
                }
                steps.add(new Step.Delete(pod, Step.Why.SURPLUS));
                if (ordered) {
                    return false;
                }
            }
            return surplus.isEmpty() || !ordered;
        }

        /** Deletes the highest outdated pod if all above it are well; its successor is of the update revision. */
        private void updateOne() {
            int lowest = first + partition();
            for (int ordinal = end - 1; ordinal >= lowest; ordinal--) {
                Pod pod = wanted.get(ordinal);
                if (pod == null || Pods.finished(pod)) {
                    return;
                }
                if (!update.equals(StatefulPod.revision(pod)) && !Pods.terminating(pod)) {
                    steps.add(new Step.Delete(pod, Step.Why.OUTDATED));
                    return;
                }
                if (!settled(pod)) {
                    return;
                }
            }
        }

        /**
         * Deletes outdated pods from the highest number down while no more than so many pods of the set are away; one that is
         * not well is away already.
         */
        private void updateSome(int most) {
            int away = 0;
            for (int ordinal = first; ordinal < end; ordinal++) {
                Pod pod = wanted.get(ordinal);
                away += pod == null || !settled(pod) ? 1 : 0;
            }
            int lowest = first + partition();
            for (int ordinal = end - 1; ordinal >= lowest; ordinal--) {
                Pod pod = wanted.get(ordinal);
                if (pod == null
                        || Pods.finished(pod)
                        || Pods.terminating(pod)
                        || update.equals(StatefulPod.revision(pod))) {
                    continue;
                }
                if (settled(pod)) {
                    if (away >= most) {
                        continue;
                    }
                    away++;
                }
                steps.add(new Step.Delete(pod, Step.Why.OUTDATED));
            }
        }

        private int maxUnavailable() {
            var strategy = set.getSpec().getUpdateStrategy();
            IntOrString most = strategy == null || strategy.getRollingUpdate() == null
                    ? null
                    : strategy.getRollingUpdate().getMaxUnavailable();
            return Math.max(1, Portion.of(most, replicas(set), Portion.Rounding.UP, 1));
        }

        private int partition() {
            var strategy = set.getSpec().getUpdateStrategy();
            return strategy == null || strategy.getRollingUpdate() == null
                    ? 0
                    : Fields.number(strategy.getRollingUpdate().getPartition());
        }

        /** Which revision a new pod is of: below the partition, and where the rollout has not been yet, the current one. */
        private boolean startsAsCurrent(int ordinal) {
            if (!rolling(set) || current.equals(update)) {
                return false;
            }
            boolean hasPartition = set.getSpec().getUpdateStrategy() != null
                    && set.getSpec().getUpdateStrategy().getRollingUpdate() != null;
            if (hasPartition) {
                return ordinal < first + partition();
            }
            StatefulSetStatus status = set.getStatus();
            return status != null && ordinal < first + Fields.number(status.getCurrentReplicas());
        }

        /** Running, ready, staying, and ready for long enough. */
        private boolean settled(Pod pod) {
            if (Pods.terminating(pod) || !Pods.ready(pod) || !Pods.phase(pod).equals("Running")) {
                return false;
            }
            lookAgain = lookAgain.or(() -> Pods.untilAvailable(pod, minReadySeconds, now));
            return Pods.available(pod, minReadySeconds, now);
        }
    }
}
