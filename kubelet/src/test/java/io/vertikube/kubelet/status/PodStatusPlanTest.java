package io.vertikube.kubelet.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.pod.RuntimePod;
import io.vertikube.kubelet.probe.ProbeOutcomes;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.SandboxStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodStatusPlanTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Always    | ''          | Pending",
                "Always    | a+          | Pending",
                "Always    | a+ b+       | Running",
                "Always    | a-0 b+      | Running",
                "Always    | a-1 b-1     | Running",
                "OnFailure | a-0 b-1     | Running",
                "OnFailure | a-0 b-0     | Succeeded",
                "Never     | a-0 b-0     | Succeeded",
                "Never     | a-0 b-2     | Failed",
                "Never     | a-1 b+      | Running"
            })
    void phaseFollowsContainersAndPolicy(String policy, String containers, String phase) {
        Pod pod = pod(policy, "containers: [{name: a, image: i}, {name: b, image: i}]");
        assertThat(status(pod, new PodStatus(), containers, Map.of()).getPhase())
                .isEqualTo(phase);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Always | ''        | Pending",
                "Always | i+        | Pending",
                "Always | i-0       | Pending",
                "Always | i-1       | Pending",
                "Never  | i-1       | Failed",
                "Always | i-0 a+    | Running"
            })
    void initContainersHoldThePodPending(String policy, String containers, String phase) {
        Pod pod = pod(policy, "initContainers: [{name: i, image: i}]\n  containers: [{name: a, image: i}]");
        assertThat(status(pod, new PodStatus(), containers, Map.of()).getPhase())
                .isEqualTo(phase);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Always | Never     | a-1  | Failed",
                "Always | Never     | a-0  | Succeeded",
                "Always | OnFailure | a-0  | Succeeded",
                "Always | OnFailure | a-1  | Running",
                "Never  | Always    | a-0  | Running",
                "Never  | Never     | a-42 | Running",
                "Never  | Never     | a-43 | Failed"
            })
    void phaseFollowsAContainersOwnPolicy(String policy, String own, String containers, String phase) {
        Pod pod = pod(
                policy,
                "containers: [{name: a, image: i, restartPolicy: " + own
                        + ", restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]}]");
        assertThat(status(pod, new PodStatus(), containers, Map.of()).getPhase())
                .isEqualTo(phase);
    }

    @Test
    void podThatWasOverStaysOver() {
        var before = new PodStatus();
        before.setPhase("Failed");
        Pod pod = pod("Always", "containers: [{name: a, image: i}]");
        assertThat(status(pod, before, "a+", Map.of()).getPhase()).isEqualTo("Failed");
    }

    @Test
    void runningPodIsReadyWithItsAddresses() {
        PodStatus status = status(pod("Always", "containers: [{name: a, image: i}]"), new PodStatus(), "a+", Map.of());
        assertThat(conditions(status))
                .containsExactly(
                        "PodReadyToStartContainers=True",
                        "Initialized=True",
                        "Ready=True",
                        "ContainersReady=True",
                        "PodScheduled=True");
        assertThat(status.getPodIP()).isEqualTo("10.0.0.1");
        assertThat(status.getPodIPs()).hasSize(1);
        assertThat(status.getHostIP()).isEqualTo("192.0.2.1");
        assertThat(status.getContainerStatuses().getFirst().getReady()).isTrue();
        assertThat(status.getContainerStatuses().getFirst().getStarted()).isTrue();
    }

    @Test
    void unreadyContainersAreNamed() {
        Pod pod = pod(
                "Always",
                "containers: [{name: a, image: i, readinessProbe: {exec: {command: [x]}}}, {name: b, image: i}]");
        PodStatus status = status(pod, new PodStatus(), "a+ b+", Map.of());
        assertThat(status.getConditions())
                .filteredOn(condition -> condition.getType().equals("Ready"))
                .singleElement()
                .satisfies(ready -> {
                    assertThat(ready.getReason()).isEqualTo("ContainersNotReady");
                    assertThat(ready.getMessage()).isEqualTo("containers with unready status: [a]");
                });
    }

    @Test
    void readinessGateCountsAndForeignConditionsStay() {
        Pod pod = pod("Always", "readinessGates: [{conditionType: gate}]\n  containers: [{name: a, image: i}]");
        assertThat(conditions(status(pod, new PodStatus(), "a+", Map.of()))).contains("Ready=False");
        var before = new PodStatus();
        var gate = new PodCondition();
        gate.setType("gate");
        gate.setStatus("True");
        before.setConditions(List.of(gate));
        assertThat(conditions(status(pod, before, "a+", Map.of()))).contains("Ready=True", "gate=True");
    }

    @Test
    void transitionTimeStaysWhileTheStatusDoes() {
        Pod pod = pod("Always", "containers: [{name: a, image: i}]");
        PodStatus first = status(pod, new PodStatus(), "a+", Map.of());
        first.getConditions().forEach(condition -> condition.setLastTransitionTime("2025-01-01T00:00:00Z"));
        PodStatus second = status(pod, first, "a-1", Map.of());
        assertThat(second.getConditions())
                .filteredOn(condition -> condition.getType().equals("Initialized"))
                .extracting(PodCondition::getLastTransitionTime)
                .containsExactly("2025-01-01T00:00:00Z");
        assertThat(second.getConditions())
                .filteredOn(condition -> condition.getType().equals("Ready"))
                .extracting(PodCondition::getLastTransitionTime)
                .containsExactly("2026-01-01T12:00:00Z");
    }

    @Test
    void heldContainerWaitsAndItsEndIsItsLastState() {
        Pod pod = pod("Always", "containers: [{name: a, image: i}]");
        var waiting = new Waiting("CrashLoopBackOff", "back-off 10s");
        var status = status(pod, new PodStatus(), "a-1", Map.of("a", waiting))
                .getContainerStatuses()
                .getFirst();
        assertThat(status.getState().getWaiting().getReason()).isEqualTo("CrashLoopBackOff");
        assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(1);
        assertThat(status.getLastState().getTerminated().getReason()).isEqualTo("Error");
    }

    @Test
    void containerThatCouldNotStartAndWillNotAgainHasEnded() {
        Pod pod = pod("Never", "containers: [{name: a, image: i}]");
        var waiting = new Waiting("RunContainerError", "no such file");
        var status = status(pod, new PodStatus(), "a-1", Map.of("a", waiting))
                .getContainerStatuses()
                .getFirst();
        assertThat(status.getState().getWaiting()).isNull();
        assertThat(status.getState().getTerminated().getExitCode()).isEqualTo(1);
    }

    @Test
    void containerThatTheRuntimeLostIsToldAsUnknown() {
        Pod pod = pod("Always", "containers: [{name: a, image: i}]");
        PodStatus before = status(pod, new PodStatus(), "a+", Map.of());
        var status = status(pod, before, "", Map.of()).getContainerStatuses().getFirst();
        assertThat(status.getState().getWaiting().getReason()).isEqualTo("ContainerCreating");
        assertThat(status.getLastState().getTerminated().getReason()).isEqualTo("ContainerStatusUnknown");
        assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(137);
    }

    private static List<String> conditions(PodStatus status) {
        return status.getConditions().stream()
                .map(condition -> condition.getType() + "=" + condition.getStatus())
                .toList();
    }

    private static PodStatus status(Pod pod, PodStatus before, String containers, Map<String, Waiting> waiting) {
        return PodStatusPlan.of(new PodStatusPlan.Input(
                pod,
                before,
                world(containers),
                ProbeOutcomes.NONE,
                waiting,
                Map.of(),
                List.of("192.0.2.1"),
                Optional.empty(),
                false,
                NOW));
    }

    private static Pod pod(String policy, String rest) {
        return TestPods.parse("""
                metadata: {name: p, namespace: n, uid: u}
                spec:
                  restartPolicy: %s
                  %s
                """.formatted(policy, rest));
    }

    private static RuntimePod world(String words) {
        var sandbox = new SandboxStatus(
                "S", new PodIdentity("n", "p", "u"), 0, true, NOW.minusSeconds(60), false, List.of("10.0.0.1"));
        List<ContainerStatus> containers = new ArrayList<>();
        for (String word : words.isEmpty() ? new String[0] : words.split(" ")) {
            boolean running = word.endsWith("+");
            containers.add(new ContainerStatus(
                    word,
                    "S",
                    word.substring(0, 1),
                    0,
                    running ? ContainerState.RUNNING : ContainerState.EXITED,
                    NOW.minusSeconds(30),
                    Optional.of(NOW.minusSeconds(30)),
                    running ? Optional.empty() : Optional.of(NOW.minusSeconds(3)),
                    running ? 0 : Integer.parseInt(word.substring(2)),
                    "i",
                    "sha256:i",
                    "",
                    "",
                    Map.of(),
                    Map.of(),
                    List.of(),
                    "",
                    Optional.empty(),
                    ""));
        }
        return new RuntimePod(List.of(sandbox), containers);
    }
}
