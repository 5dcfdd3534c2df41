package io.vertikube.controller.job;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyOnPodConditionsPattern;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import io.vertikube.object.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a Job's policy says of one failed pod. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy">Pod failure policy</a>
 */
final class FailurePolicy {
    /** What is done, and the sentence that tells why. */
    record Verdict(Action action, String message) {}

    /** The policy's words. */
    enum Action {
        COUNT,
        IGNORE,
        FAIL_JOB,
        FAIL_INDEX
    }

    private static final Verdict COUNTED = new Verdict(Action.COUNT, "");

    private FailurePolicy() {}

    static Verdict judge(Job job, Pod pod) {
        if (job.getSpec().getPodFailurePolicy() == null) {
            return COUNTED;
        }
        List<PodFailurePolicyRule> rules =
                Fields.list(job.getSpec().getPodFailurePolicy().getRules());
        for (int i = 0; i < rules.size(); i++) {
            PodFailurePolicyRule rule = rules.get(i);
            Optional<String> why = rule.getOnExitCodes() == null
                    ? matchConditions(rule.getOnPodConditions(), pod)
                    : matchExit(rule.getOnExitCodes(), pod);
            if (why.isPresent()) {
                Action action = action(rule.getAction());
                return new Verdict(action, why.get() + " matching " + rule.getAction() + " rule at index " + i);
            }
        }
        return COUNTED;
    }

    private static Action action(String word) {
        return switch (word) {
            case "FailJob" -> Action.FAIL_JOB;
            case "FailIndex" -> Action.FAIL_INDEX;
            case "Ignore" -> Action.IGNORE;
            default -> Action.COUNT;
        };
    }

    private static Optional<String> matchExit(PodFailurePolicyOnExitCodesRequirement rule, Pod pod) {
        var statuses = new ArrayList<ContainerStatus>();
        if (pod.getStatus() != null) {
            statuses.addAll(Fields.list(pod.getStatus().getContainerStatuses()));
            statuses.addAll(Fields.list(pod.getStatus().getInitContainerStatuses()));
        }
        for (ContainerStatus status : statuses) {
            boolean meant =
                    rule.getContainerName() == null || rule.getContainerName().equals(status.getName());
            if (!meant || status.getState() == null || status.getState().getTerminated() == null) {
                continue;
            }
            int code = Fields.number(status.getState().getTerminated().getExitCode());
            boolean listed = Fields.list(rule.getValues()).contains(code);
            boolean matches = "In".equals(rule.getOperator()) ? listed : !listed;
            if (code != 0 && matches) {
                return Optional.of("Container " + status.getName() + " for pod " + ObjectKey.of(pod)
                        + " failed with exit code " + code);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> matchConditions(List<PodFailurePolicyOnPodConditionsPattern> patterns, Pod pod) {
        for (PodFailurePolicyOnPodConditionsPattern pattern : Fields.list(patterns)) {
            String status = Fields.text(pattern.getStatus()).isEmpty() ? "True" : pattern.getStatus();
            boolean matches = Pods.condition(pod, pattern.getType())
                    .filter(condition -> status.equals(condition.getStatus()))
                    .isPresent();
            if (matches) {
                return Optional.of("Pod " + ObjectKey.of(pod) + " has condition " + pattern.getType());
            }
        }
        return Optional.empty();
    }
}
