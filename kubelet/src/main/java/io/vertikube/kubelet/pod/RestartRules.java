package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerRestartRule;
import io.fabric8.kubernetes.api.model.ContainerRestartRuleOnExitCodes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether a container that ended is started again: the first of its own rules that knows the exit code says so, else its
 * own policy, else its pod's ("Individual container restart policy and rules" in the documentation). Pure functions.
 */
final class RestartRules {

    private RestartRules() {}

    static boolean restarts(Container container, String podPolicy, int exitCode) {
        for (ContainerRestartRule rule :
                Objects.requireNonNullElse(container.getRestartPolicyRules(), List.<ContainerRestartRule>of())) {
            if ("Restart".equals(rule.getAction()) && matches(rule.getExitCodes(), exitCode)) {
                return true;
            }
        }
        return switch (Objects.requireNonNullElse(container.getRestartPolicy(), podPolicy)) {
            case "Never" -> false;
            case "OnFailure" -> exitCode != 0;
            default -> true;
        };
    }

    /** A static pod's rule may have none, as nobody has checked it. */
    private static boolean matches(@Nullable ContainerRestartRuleOnExitCodes codes, int exitCode) {
        return codes != null && codes.getValues().contains(exitCode) == "In".equals(codes.getOperator());
    }
}
