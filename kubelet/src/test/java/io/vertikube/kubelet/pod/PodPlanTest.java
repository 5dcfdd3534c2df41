package io.vertikube.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.probe.ProbeKind;
import io.vertikube.kubelet.probe.ProbeOutcomes;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.SandboxStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PodPlanTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final String ONE = "containers: [{name: a, image: i}]";
    private static final String TWO = "containers: [{name: a, image: i}, {name: b, image: i}]";
    private static final String INIT = "initContainers: [{name: i1, image: i}, {name: i2, image: i}]\n  " + ONE;
    private static final String SIDECAR =
            "initContainers: [{name: s, image: i, restartPolicy: Always}, {name: i1, image: i}]\n  " + ONE;

    private static final String OWN_POLICIES =
            "containers: [{name: a, image: i, restartPolicy: Never, restartPolicyRules: ["
                    + "{action: Restart, exitCodes: {operator: In, values: [42, 43]}}]}, {name: b, image: i, restartPolicy: Always}]";
    private static final String OWN_EXCEPTION =
            "containers: [{name: a, image: i, restartPolicy: OnFailure, restartPolicyRules: ["
                    + "{action: Restart, exitCodes: {operator: NotIn, values: [1]}}]}]";
    private static final String OWN_INIT =
            "initContainers: [{name: i1, image: i, restartPolicy: Never}, {name: i2, image: i, restartPolicy: OnFailure}]\n  "
                    + ONE;

    /** What a pod looks like and what is to be done, in short: see {@link #world} and {@link #text}. */
    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of("a new pod gets its sandbox first", "Always", ONE, "", "sandbox#0"),
                Arguments.of("then its containers, all of them", "Always", TWO, "S0", "start a#0, start b#0"),
                Arguments.of("a running pod is left alone", "Always", TWO, "S0 a+ b+", ""),
                Arguments.of("an ended container starts again", "Always", ONE, "S0 a-0", "start a#1"),
                Arguments.of("OnFailure: not after success", "OnFailure", TWO, "S0 a-0 b+", ""),
                Arguments.of("OnFailure: after failure", "OnFailure", TWO, "S0 a-1 b+", "start a#1"),
                Arguments.of("Never: not at all", "Never", TWO, "S0 a-1 b+", ""),
                Arguments.of("Never: all ended, the sandbox ends", "Never", TWO, "S0 a-1 b-0", "stop S0, finished"),
                Arguments.of("OnFailure: all succeeded", "OnFailure", ONE, "S0 a-0", "stop S0, finished"),
                Arguments.of("a finished pod stays finished", "Never", ONE, "s0 a-0", "finished"),
                Arguments.of("a container's own policy: never", "Always", OWN_POLICIES, "S0 a-1 b+", ""),
                Arguments.of("but after the codes of its rule", "Always", OWN_POLICIES, "S0 a-43 b+", "start a#1"),
                Arguments.of("a container's own policy: always", "Never", OWN_POLICIES, "S0 a+ b-0", "start b#1"),
                Arguments.of("one that goes on keeps the pod", "Never", OWN_POLICIES, "S0 a-0 b+", ""),
                Arguments.of("all codes but one start it again", "Never", OWN_EXCEPTION, "S0 a-0", "start a#1"),
                Arguments.of(
                        "where no rule knows the code the policy does", "Never", OWN_EXCEPTION, "S0 a-1", "start a#1"),
                Arguments.of("an init container's own policy", "Always", OWN_INIT, "S0 i1-1", "stop S0, finished"),
                Arguments.of("and another's", "Never", OWN_INIT, "S0 i1-0 i2-1", "start i2#1"),
                Arguments.of("a created container was never started: made anew", "Always", ONE, "S0 a.", "start a#1"),
                Arguments.of("init containers one after the other", "Always", INIT, "S0", "start i1#0"),
                Arguments.of("the second waits for the first", "Always", INIT, "S0 i1+", ""),
                Arguments.of("then it starts", "Always", INIT, "S0 i1-0", "start i2#0"),
                Arguments.of("then the pod's own", "Always", INIT, "S0 i1-0 i2-0", "start a#0"),
                Arguments.of("a failed init container is tried again", "Always", INIT, "S0 i1-1", "start i1#1"),
                Arguments.of(
                        "Never: a failed init container ends the pod", "Never", INIT, "S0 i1-1", "stop S0, finished"),
                Arguments.of("init containers are over once the pod's own began", "Always", INIT, "S0 a+", ""),
                Arguments.of("a sidecar starts first and is waited for", "Always", SIDECAR, "S0", "start s#0"),
                Arguments.of("what follows starts when it runs", "Always", SIDECAR, "S0 s+", "start i1#0"),
                Arguments.of("an ended sidecar starts again", "Always", SIDECAR, "S0 s-0 i1-0 a+", "start s#1"),
                Arguments.of(
                        "when the pod's own have ended, sidecars are ended",
                        "Never",
                        SIDECAR,
                        "S0 s+ i1-0 a-0",
                        "kill s, finished"),
                Arguments.of("a dead sandbox is replaced", "Always", ONE, "s0 a-137", "sandbox#1"),
                Arguments.of(
                        "what still runs in a dead sandbox is ended", "Always", ONE, "s0 a+", "stop S0, sandbox#1"),
                Arguments.of("containers start again in the new sandbox", "Always", ONE, "s0 a-137 S1", "start a#1"),
                Arguments.of("init containers too", "Always", INIT, "s0 i1-0 i2-0 a-137 S1", "start i1#1"),
                Arguments.of("of two sandboxes the older one goes", "Always", ONE, "S0 S1 a+", "stop S0"),
                Arguments.of("an empty dead sandbox is removed", "Always", ONE, "s0 S1 a+", "remove S0"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void decides(String what, String policy, String containers, String world, String expected) {
        assertThat(text(PodPlan.of(input(pod(policy, containers), world(world)))))
                .as(what)
                .isEqualTo(expected);
    }

    @Test
    void failingContainerWaitsForItsBackoff() {
        RuntimePod seen = world("S0 a-1");
        var backoff = new RestartBackoff(Duration.ofSeconds(20), NOW.minusSeconds(6));
        PodPlan plan = PodPlan.of(
                new PodPlan.Input(pod("Always", ONE), seen, ProbeOutcomes.NONE, Map.of("a", backoff), Map.of(), NOW));
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.held()).containsEntry("a", Duration.ofSeconds(20));
        assertThat(plan.again()).contains(NOW.plusSeconds(15));
    }

    @Test
    void containerWithAnotherImageIsReplaced() {
        Pod pod = pod("Always", ONE);
        var running = container("a", 0, "S0", ContainerState.RUNNING, 0, "another-hash", 0);
        PodPlan plan = PodPlan.of(input(pod, new RuntimePod(List.of(sandbox("S0", true)), List.of(running))));
        assertThat(plan.actions())
                .singleElement()
                .isInstanceOfSatisfying(
                        PodAction.KillContainer.class,
                        kill -> assertThat(kill.message())
                                .isEqualTo("Container a definition changed, will be restarted"));
    }

    @Test
    void containerWithOtherResourcesIsResizedOrRestarted() {
        RuntimePod seen = world("S0 a+ b+");
        Map<String, Boolean> resizes = Map.of(
                seen.latest("a").orElseThrow().id(),
                false,
                seen.latest("b").orElseThrow().id(),
                true);
        assertThat(text(PodPlan.of(new PodPlan.Input(
                        pod("Always", TWO), seen, ProbeOutcomes.NONE, Map.of(), Map.of(), NOW, 1, resizes))))
                .isEqualTo("resize a, kill b");
    }

    @Test
    void containerThatFailedItsProbeIsEndedWithTheProbesGrace() {
        var failed = new ProbeOutcomes.Failed(ProbeKind.LIVENESS, OptionalLong.of(7));
        RuntimePod seen = world("S0 a+");
        var probes = new ProbeOutcomes(
                Map.of(seen.running().getFirst().id(), new ProbeOutcomes.Outcome(true, true, Optional.of(failed))));
        PodPlan plan = PodPlan.of(new PodPlan.Input(pod("Always", ONE), seen, probes, Map.of(), Map.of(), NOW));
        assertThat(plan.actions()).singleElement().isInstanceOfSatisfying(PodAction.KillContainer.class, kill -> {
            assertThat(kill.message()).isEqualTo("Container a failed liveness probe, will be restarted");
            assertThat(kill.graceSeconds()).hasValue(7);
        });
    }

    @Test
    void sidecarIsWaitedForUntilItsStartupProbeSucceeds() {
        String spec = """
                initContainers: [{name: s, image: i, restartPolicy: Always, startupProbe: {exec: {command: [x]}}}]
                  containers: [{name: a, image: i}]""";
        RuntimePod seen = world("S0 s+");
        assertThat(text(PodPlan.of(input(pod("Always", spec), seen)))).isEmpty();
        var started = new ProbeOutcomes(
                Map.of(seen.running().getFirst().id(), new ProbeOutcomes.Outcome(true, true, Optional.empty())));
        assertThat(text(PodPlan.of(new PodPlan.Input(pod("Always", spec), seen, started, Map.of(), Map.of(), NOW))))
                .isEqualTo("start a#0");
    }

    @Test
    void restartsGoOnCountingWhenTheRuntimeLostItsContainers() {
        PodPlan plan = PodPlan.of(
                new PodPlan.Input(pod("Always", ONE), world("S0"), ProbeOutcomes.NONE, Map.of(), Map.of("a", 4), NOW));
        assertThat(text(plan)).isEqualTo("start a#5");
    }

    @Test
    void onlyTheLastTwoOfAContainerAreKept() {
        PodPlan plan = PodPlan.of(input(
                pod("Always", ONE),
                new RuntimePod(
                        List.of(sandbox("S0", true)),
                        List.of(
                                container("a", 0, "S0", ContainerState.EXITED, 1, hash("a"), 0),
                                container("a", 1, "S0", ContainerState.EXITED, 1, hash("a"), 1),
                                container("a", 2, "S0", ContainerState.RUNNING, 0, hash("a"), 2)))));
        assertThat(plan.actions()).containsExactly(new PodAction.RemoveContainer("a-0"));
    }

    @Test
    void backoffDoublesUpToFiveMinutesAndIsForgottenAfterTen() {
        RestartBackoff backoff = null;
        List<Long> seconds = new ArrayList<>();
        Instant at = NOW;
        for (int i = 0; i < 7; i++) {
            backoff = RestartBackoff.next(backoff, at, at, RestartBackoff.LONGEST);
            seconds.add(backoff.delay().toSeconds());
            at = at.plus(backoff.delay());
        }
        assertThat(seconds).containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L);
        Instant later = backoff.since().plus(backoff.delay()).plus(Duration.ofMinutes(11));
        assertThat(RestartBackoff.next(backoff, later, later, RestartBackoff.LONGEST)
                        .delay())
                .isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aNodeMaySayHowLongTheBackoffGets() {
        RestartBackoff backoff = null;
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            backoff = RestartBackoff.next(backoff, NOW, NOW, Duration.ofSeconds(15));
            seconds.add(backoff.delay().toSeconds());
        }
        assertThat(seconds).containsExactly(10L, 15L, 15L);
        assertThat(RestartBackoff.next(null, NOW, NOW, Duration.ofSeconds(1)).delay())
                .isEqualTo(Duration.ofSeconds(1));
    }

    private static PodPlan.Input input(Pod pod, RuntimePod seen) {
        return new PodPlan.Input(pod, seen, ProbeOutcomes.NONE, Map.of(), Map.of(), NOW);
    }

    private static Pod pod(String policy, String containers) {
        return TestPods.parse("""
                metadata: {name: p, namespace: n, uid: u}
                spec:
                  restartPolicy: %s
                  %s
                """.formatted(policy, containers));
    }

    /**
     * A world in words: {@code S0} a ready sandbox, {@code s0} a dead one; {@code a+} a running container of the sandbox
     * named before, {@code a-1} one that ended with 1, {@code a.} one that was never started.
     */
    private static RuntimePod world(String words) {
        List<SandboxStatus> sandboxes = new ArrayList<>();
        List<ContainerStatus> containers = new ArrayList<>();
        String current = "";
        int order = 0;
        for (String word : words.isEmpty() ? new String[0] : words.split(" ")) {
            if (word.matches("[Ss]\\d")) {
                current = word.toUpperCase(java.util.Locale.ROOT);
                sandboxes.add(sandbox(current, word.startsWith("S")));
                continue;
            }
            String name = word.replaceAll("(\\+|-\\d+|\\.)$", "");
            String state = word.substring(name.length());
            containers.add(
                    switch (state.charAt(0)) {
                        case '+' -> container(name, 0, current, ContainerState.RUNNING, 0, hash(name), order);
                        case '-' ->
                            container(
                                    name,
                                    0,
                                    current,
                                    ContainerState.EXITED,
                                    Integer.parseInt(state.substring(1)),
                                    hash(name),
                                    order);
                        default -> container(name, 0, current, ContainerState.CREATED, 0, hash(name), order);
                    });
            order++;
        }
        return new RuntimePod(sandboxes, containers);
    }

    private static SandboxStatus sandbox(String id, boolean ready) {
        int attempt = id.charAt(1) - '0';
        return new SandboxStatus(
                id,
                new PodIdentity("n", "p", "u"),
                attempt,
                ready,
                NOW.minusSeconds(100 - attempt),
                false,
                List.of("10.0.0.1"));
    }

    private static ContainerStatus container(
            String name, int attempt, String sandbox, ContainerState state, int code, String hash, int order) {
        return new ContainerStatus(
                name + "-" + attempt,
                sandbox,
                name,
                attempt,
                state,
                NOW.minusSeconds(50).plusMillis(order),
                Optional.of(NOW.minusSeconds(40)),
                state == ContainerState.EXITED ? Optional.of(NOW.minusSeconds(5)) : Optional.empty(),
                code,
                "i",
                "i",
                "",
                "",
                Map.of(),
                Map.of(Labels.HASH, hash),
                List.of(),
                "",
                Optional.empty(),
                "");
    }

    private static String hash(String name) {
        var container = new io.fabric8.kubernetes.api.model.Container();
        container.setName(name);
        container.setImage("i");
        return new ContainerSpec(ContainerSpec.Kind.APP, container, "").hash();
    }

    private static String text(PodPlan plan) {
        List<String> words = new ArrayList<>();
        for (PodAction action : plan.actions()) {
            words.add(
                    switch (action) {
                        case PodAction.StopSandbox(String id) -> "stop " + id;
                        case PodAction.RemoveSandbox(String id) -> "remove " + id;
                        case PodAction.CreateSandbox(int attempt) -> "sandbox#" + attempt;
                        case PodAction.StartContainer start ->
                            "start " + start.spec().name() + "#" + start.attempt();
                        case PodAction.KillContainer kill ->
                            "kill " + kill.spec().name();
                        case PodAction.RemoveContainer(String id) -> "forget " + id;
                        case PodAction.ResizeContainer resize ->
                            "resize " + resize.spec().name();
                    });
        }
        if (plan.finished()) {
            words.add("finished");
        }
        return String.join(", ", words);
    }
}
