package io.vertikube.controller.job;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.SuccessPolicyRule;
import io.vertikube.controller.workload.Fields;
import java.util.List;
import java.util.OptionalInt;

/**
 * Whether the indexes that succeeded are enough. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/job/#success-policy">Success policy</a>
 */
final class SuccessPolicy {
    private SuccessPolicy() {}

    /** The number of the first rule that is met. */
    static OptionalInt met(Job job, IndexSet succeeded) {
        if (!JobPod.indexed(job) || job.getSpec().getSuccessPolicy() == null) {
            return OptionalInt.empty();
        }
        List<SuccessPolicyRule> rules =
                Fields.list(job.getSpec().getSuccessPolicy().getRules());
        for (int i = 0; i < rules.size(); i++) {
            if (met(rules.get(i), succeeded, Fields.number(job.getSpec().getCompletions()))) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    private static boolean met(SuccessPolicyRule rule, IndexSet succeeded, int completions) {
        if (Fields.text(rule.getSucceededIndexes()).isEmpty()) {
            return succeeded.size() >= Fields.number(rule.getSucceededCount(), Integer.MAX_VALUE);
        }
        IndexSet wanted = IndexSet.parse(rule.getSucceededIndexes(), completions);
        return rule.getSucceededCount() == null
                ? succeeded.containsAll(wanted)
                : succeeded.common(wanted) >= rule.getSucceededCount();
    }
}
