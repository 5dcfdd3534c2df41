package io.vertikube.kubelet.status;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import io.vertikube.kubelet.pod.ContainerSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A pod's conditions ("Pod conditions" in the documentation): ours computed, others' kept. Pure functions. */
final class PodConditions {

    private static final Set<String> OURS =
            Set.of("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled");

    private static final String PENDING = "PodResizePending";
    private static final String IN_PROGRESS = "PodResizeInProgress";

    /** Conditions of ours that are only there while they are the case. */
    static final Set<String> PASSING = Set.of(PENDING, IN_PROGRESS);

    private static final String DISRUPTION = "DisruptionTarget";

    private PodConditions() {}

    static List<PodCondition> of(
            PodStatusPlan.Input input, String phase, List<ContainerStatus> init, List<ContainerStatus> app) {
        List<PodCondition> before = Objects.requireNonNullElse(input.before().getConditions(), List.<PodCondition>of());
        List<PodCondition> result = new ArrayList<>();
        boolean sandbox = input.seen().sandbox().isPresent();
        result.add(condition("PodReadyToStartContainers", sandbox, null, null));
        boolean over = phase.equals("Succeeded") || phase.equals("Failed");
        result.add(initialized(input, phase, init, app));
        PodCondition containers = containersReady(over, phase, init, app, input);
        result.add(ready(input, containers, before));
        result.add(containers);
        result.add(condition("PodScheduled", true, null, null));
        input.resize().pending().ifPresent(why -> result.add(condition(PENDING, true, why.reason(), why.message())));
        input.resize()
                .inProgress()
                .ifPresent(why -> result.add(
                        condition(IN_PROGRESS, true, why.isEmpty() ? null : "Error", why.isEmpty() ? null : why)));
        input.end()
                .ifPresent(end -> end.disruption()
                        .ifPresent(reason -> result.add(condition(DISRUPTION, true, reason, end.message()))));
        for (PodCondition mine : result) {
            keepTransition(mine, before, input.now());
        }
        Set<String> mine = result.stream().map(PodCondition::getType).collect(Collectors.toSet());
        before.stream()
                .filter(other -> !OURS.contains(other.getType())
                        && !PASSING.contains(other.getType())
                        && !mine.contains(other.getType()))
                .forEach(result::add);
        return result;
    }

    private static PodCondition initialized(
            PodStatusPlan.Input input, String phase, List<ContainerStatus> init, List<ContainerStatus> app) {
        if (phase.equals("Succeeded")) {
            return condition("Initialized", true, "PodCompleted", null);
        }
        boolean begun = input.initialised()
                || app.stream().anyMatch(status -> status.getState().getWaiting() == null);
        List<String> missing = begun ? List.of() : incomplete(input, init);
        return missing.isEmpty()
                ? condition("Initialized", true, null, null)
                : condition(
                        "Initialized",
                        false,
                        "ContainersNotInitialized",
                        "containers with incomplete status: [" + String.join(" ", missing) + "]");
    }

    private static List<String> incomplete(PodStatusPlan.Input input, List<ContainerStatus> init) {
        List<String> names = new ArrayList<>();
        for (ContainerStatus status : init) {
            boolean sidecar = ContainerSpec.find(input.pod(), status.getName())
                    .map(spec -> spec.kind() == ContainerSpec.Kind.SIDECAR)
                    .orElse(false);
            boolean done = sidecar ? Boolean.TRUE.equals(status.getStarted()) : Boolean.TRUE.equals(status.getReady());
            if (!done) {
                names.add(status.getName());
            }
        }
        return names;
    }

    private static PodCondition containersReady(
            boolean over,
            String phase,
            List<ContainerStatus> init,
            List<ContainerStatus> app,
            PodStatusPlan.Input input) {
        if (over) {
            return condition("ContainersReady", false, phase.equals("Succeeded") ? "PodCompleted" : "PodFailed", null);
        }
        List<String> unready = new ArrayList<>();
        for (ContainerStatus status : init) {
            boolean sidecar = ContainerSpec.find(input.pod(), status.getName())
                    .map(spec -> spec.kind() == ContainerSpec.Kind.SIDECAR)
                    .orElse(false);
            if (sidecar && !Boolean.TRUE.equals(status.getReady())) {
                unready.add(status.getName());
            }
        }
        app.stream()
                .filter(status -> !Boolean.TRUE.equals(status.getReady()))
                .map(ContainerStatus::getName)
                .forEach(unready::add);
        return unready.isEmpty()
                ? condition("ContainersReady", true, null, null)
                : condition(
                        "ContainersReady",
                        false,
                        "ContainersNotReady",
                        "containers with unready status: [" + String.join(" ", unready) + "]");
    }

    private static PodCondition ready(PodStatusPlan.Input input, PodCondition containers, List<PodCondition> before) {
        if (!"True".equals(containers.getStatus())) {
            return condition("Ready", false, containers.getReason(), containers.getMessage());
        }
        List<String> missing = new ArrayList<>();
        for (PodReadinessGate gate :
                Objects.requireNonNullElse(input.pod().getSpec().getReadinessGates(), List.<PodReadinessGate>of())) {
            Optional<PodCondition> found = before.stream()
                    .filter(condition -> condition.getType().equals(gate.getConditionType()))
                    .findFirst();
            if (found.isEmpty()) {
                missing.add("corresponding condition of pod readiness gate \"" + gate.getConditionType()
                        + "\" does not exist.");
            } else if (!"True".equals(found.get().getStatus())) {
                missing.add("the status of pod readiness gate \"" + gate.getConditionType() + "\" is not \"True\", but "
                        + found.get().getStatus());
            }
        }
        return missing.isEmpty()
                ? condition("Ready", true, null, null)
                : condition("Ready", false, "ReadinessGatesNotReady", String.join(", ", missing));
    }

    private static PodCondition condition(
            String type,
            boolean status,
            @org.jspecify.annotations.Nullable String reason,
            @org.jspecify.annotations.Nullable String message) {
        return new PodConditionBuilder()
                .withType(type)
                .withStatus(status ? "True" : "False")
                .withReason(reason)
                .withMessage(message)
                .build();
    }

    private static void keepTransition(PodCondition mine, List<PodCondition> before, Instant now) {
        String since = before.stream()
                .filter(old ->
                        old.getType().equals(mine.getType()) && mine.getStatus().equals(old.getStatus()))
                .map(PodCondition::getLastTransitionTime)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Times.text(now));
        mine.setLastTransitionTime(since);
    }
}
