package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.eviction.EvictionOptions;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that really is short of disk, and of memory as its thresholds have it, with real containers. */
class EvictionOnContainerdTest {

    /** On so little memory the kubelet's folder lies in it; half of it has to stay free. */
    private static final String DISK = "size=64m";

    @TempDir
    static Path folder;

    private static ContainerdCluster machine;

    @BeforeAll
    static void start() throws Exception {
        machine = ContainerdCluster.start(7, folder);
    }

    @AfterAll
    static void stop() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    void aFullDiskIsToldAndWhoFilledItGoes() throws Exception {
        Path root = Files.createDirectory(folder.resolve("disk"));
        Shell.run("mount", "-t", "tmpfs", "-o", DISK, "vertikube-test", root.toString());
        try (KubeletService kubelet = kubelet("node-disk", root, Map.of("nodefs.available", "32Mi"))) {
            await().until(kubelet::nodeReady);
            create("modest", "node-disk", "sleep 100000", "{}");
            await().until(() -> phase("modest").equals("Running"));
            assertThat(condition("node-disk", "DiskPressure")).isEqualTo("False KubeletHasNoDiskPressure");
            create("filler", "node-disk", "dd if=/dev/zero of=/scratch/f bs=1M count=48; sleep 100000", "{}");
            await().until(() -> condition("node-disk", "DiskPressure").equals("True KubeletHasDiskPressure"));
            await().until(() -> phase("filler").equals("Failed"));
            Pod filler = machine.api.pod("filler");
            assertThat(filler.getStatus().getReason()).isEqualTo("Evicted");
            assertThat(filler.getStatus().getMessage())
                    .matches("The node was low on resource: ephemeral-storage\\. Threshold quantity: 32Mi, available:"
                            + " \\d+Ki\\. Container main was using \\d+Ki, request is 0, has larger consumption of"
                            + " ephemeral-storage\\. ");
            assertThat(phase("modest")).isEqualTo("Running");
            await().untilAsserted(() -> assertThat(
                            machine.kubectl.run("get", "events").output())
                    .containsPattern("Warning +Evicted +pod/filler +The node was low on resource: ephemeral-storage")
                    .containsPattern("Warning +EvictionThresholdMet +node/node-disk +Attempting to reclaim"
                            + " ephemeral-storage"));
            await().until(() -> condition("node-disk", "DiskPressure").equals("False KubeletHasNoDiskPressure"));
            machine.remove("modest", "filler");
        }
    }

    @Test
    void tooLittleMemoryIsToldAndWhoAskedForNothingGoesFirst() throws Exception {
        Path root = Files.createDirectory(folder.resolve("memory"));
        try (KubeletService kubelet = kubelet("node-memory", root, Map.of())) {
            await().until(kubelet::nodeReady);
            create("asked", "node-memory", "sleep 100000", "{requests: {memory: 100Mi}}");
            create(
                    "greedy",
                    "node-memory",
                    "dd if=/dev/zero bs=30M count=1 | tail -c 30000000 > /scratch/f; sleep 100000",
                    "{}");
            await().until(() ->
                    phase("asked").equals("Running") && phase("greedy").equals("Running"));
        }
        long all = new Machine(root).resources().memoryBytes();
        try (KubeletService kubelet =
                kubelet("node-memory", root, Map.of("memory.available", Long.toString(all - (1 << 20))))) {
            await().until(kubelet::nodeReady);
            await().until(() -> condition("node-memory", "MemoryPressure").equals("True KubeletHasInsufficientMemory"));
            await().until(() -> phase("greedy").equals("Failed"));
            assertThat(phase("asked")).isEqualTo("Running");
            assertThat(machine.api.pod("greedy").getStatus().getMessage())
                    .startsWith("The node was low on resource: memory. Threshold quantity: ")
                    .contains("Container main was using ")
                    .endsWith(", request is 0, has larger consumption of memory. ");
            create("late", "node-memory", "sleep 100000", "{}");
            await().until(() -> phase("late").equals("Failed"));
            await().untilAsserted(() -> assertThat(
                            machine.kubectl.run("get", "events").output())
                    .containsPattern("Warning +Evicted +pod/late +The node had condition: \\[MemoryPressure\\]\\."));
            machine.remove("asked", "greedy", "late");
        }
    }

    private static KubeletService kubelet(String node, Path root, Map<String, String> hard) throws Exception {
        var eviction = new EvictionOptions(
                EvictionOptions.thresholds(hard, Map.of(), Map.of(), Map.of()),
                Duration.ZERO,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
        return machine.api.kubelet(machine.options(node, root, NodePolicies.NONE.with(eviction)));
    }

    private static void create(String name, String node, String script, String resources) {
        machine.create("""
                metadata: {name: NAME, namespace: default}
                spec:
                  nodeName: NODE
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: main
                    image: %s
                    imagePullPolicy: IfNotPresent
                    command: [sh, -c, "SCRIPT"]
                    resources: RESOURCES
                    volumeMounts: [{name: scratch, mountPath: /scratch}]
                  volumes: [{name: scratch, emptyDir: {}}]
                """.replace("NAME", name)
                .replace("NODE", node)
                .replace("SCRIPT", script)
                .replace("RESOURCES", resources));
    }

    private static String phase(String pod) {
        return Objects.requireNonNullElse(machine.api.pod(pod).getStatus().getPhase(), "");
    }

    private static String condition(String node, String type) {
        NodeCondition found = machine.api.client.of(Node.class).get("", node).getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
        return found.getStatus() + " " + found.getReason();
    }

    private static org.awaitility.core.ConditionFactory await() {
        return org.awaitility.Awaitility.await().atMost(ContainerdCluster.SOON).ignoreExceptions();
    }
}
