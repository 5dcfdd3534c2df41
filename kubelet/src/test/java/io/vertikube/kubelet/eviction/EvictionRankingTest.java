package io.vertikube.kubelet.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.TestPods;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvictionRankingTest {

    private static final long MI = 1L << 20;

    /** A pod is {@code name:priority:request:used}, in MiB of whatever the signal counts. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "the greatest excess first,             MEMORY_AVAILABLE, a:0:10:50 b:0:100:160 c:0:0:20, b a c",
        "who keeps its request comes last,      MEMORY_AVAILABLE, a:0:100:90 b:0:0:1,             b a",
        "even when less important,              MEMORY_AVAILABLE, a:-5:100:90 b:9:0:1,            b a",
        "among those beyond it: priority first, MEMORY_AVAILABLE, a:5:0:900 b:1:0:10,             b a",
        "critical pods never go,                MEMORY_AVAILABLE, a:2000000000:0:900 b:1:0:10,    b",
        "the same with disk,                    NODEFS_AVAILABLE, a:0:10:50 b:0:100:160 c:0:99:98, b a c",
        "processes: priority then number,       PID_AVAILABLE,    a:1:0:900 b:0:0:10 c:0:0:20,    c b a",
        "inodes alike,                          NODEFS_INODES,    a:1:0:900 b:0:0:10 c:0:0:20,    c b a"
    })
    void order(String what, Signal signal, String pods, String expected) {
        List<PodUse> uses =
                Arrays.stream(pods.split(" ")).map(EvictionRankingTest::use).toList();
        assertThat(EvictionRanking.of(signal, uses).stream()
                        .map(use -> use.pod().getMetadata().getName())
                        .collect(Collectors.joining(" ")))
                .as(what)
                .isEqualTo(expected);
    }

    @Test
    void messageSaysWhatWasShortAndWhoTookIt() {
        Threshold threshold =
                new Threshold(Signal.MEMORY_AVAILABLE, Amount.parse("100Mi"), Duration.ZERO, Amount.NOTHING);
        assertThat(EvictionRanking.message(
                        threshold, Optional.of(new Observation(51 * MI, 8192 * MI)), use("a:0:0:300")))
                .isEqualTo("The node was low on resource: memory. Threshold quantity: 100Mi, available: 51Mi. "
                        + "Container c was using 300Mi, request is 0, has larger consumption of memory. ");
        Threshold disk = new Threshold(Signal.NODEFS_AVAILABLE, Amount.parse("10%"), Duration.ZERO, Amount.NOTHING);
        assertThat(EvictionRanking.message(disk, Optional.of(new Observation(600 * MI, 10240 * MI)), use("a:0:100:50")))
                .isEqualTo("The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi,"
                        + " available: 600Mi. ");
        Threshold pids = new Threshold(Signal.PID_AVAILABLE, Amount.parse("5%"), Duration.ZERO, Amount.NOTHING);
        assertThat(EvictionRanking.message(pids, Optional.of(new Observation(10, 1000)), use("a:0:0:50")))
                .isEqualTo("The node was low on resource: pids. Threshold quantity: 50, available: 10. ");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "within all limits | 1 | 10 | ''",
                "an emptyDir | 3 | 10 | Usage of EmptyDir volume \"v\" exceeds the limit \"2Mi\". ",
                "the containers together | 1 | 99 "
                        + "| Pod ephemeral local storage usage exceeds the total limit of containers 100Mi. ",
                "one container | 1 | 70 " + "| Container c exceeded its local ephemeral storage limit \"64Mi\". "
            })
    void limitsThatThePodSetItself(String what, long volume, long disk, String why) {
        Pod pod = TestPods.parse("""
                metadata: {name: p, namespace: default, uid: u}
                spec:
                  volumes: [{name: v, emptyDir: {sizeLimit: 2Mi}}, {name: m, emptyDir: {medium: Memory, sizeLimit: 1}}]
                  containers:
                  - {name: c, image: i, resources: {limits: {ephemeral-storage: 64Mi}}}
                  - {name: d, image: i, resources: {limits: {ephemeral-storage: 36Mi}}}
                """);
        assertThat(StorageLimits.any(pod)).isTrue();
        var use = new PodUse(
                pod,
                Map.of("c", container(disk), "d", container(disk == 99 ? 1 : 0)),
                Map.of("v", volume * MI, "m", 9 * MI),
                0);
        assertThat(StorageLimits.exceeded(use).map(String::strip).orElse(""))
                .as(what)
                .isEqualTo(why.strip());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "no pressure takes everything,               '',          0, '',   true",
        "memory: no pod without requests,            MEMORY,      0, '',   false",
        "memory: one with requests,                  MEMORY,      0, 10Mi, true",
        "disk: none,                                 DISK,        0, 10Mi, false",
        "memory and disk: none,                      MEMORY DISK, 0, 10Mi, false",
        "critical ones always,                       DISK,        2000000000, '', true"
    })
    void newPodsUnderPressure(String what, String pressures, int priority, String request, boolean taken) {
        Pod pod = use("p:" + priority + ":0:0").pod();
        if (!request.isEmpty()) {
            pod.getSpec()
                    .getContainers()
                    .getFirst()
                    .getResources()
                    .setRequests(Map.of("memory", new io.fabric8.kubernetes.api.model.Quantity(request)));
        }
        Set<Signal.Pressure> set = Arrays.stream(pressures.split(" "))
                .filter(word -> !word.isEmpty())
                .map(Signal.Pressure::valueOf)
                .collect(Collectors.toSet());
        var refused = PressureAdmission.refuse(pod, set);
        assertThat(refused.isEmpty()).as(what).isEqualTo(taken);
        refused.ifPresent(why -> assertThat(why.message())
                .startsWith("Pod was rejected: The node had condition: [")
                .contains(set.contains(Signal.Pressure.DISK) ? "DiskPressure" : "MemoryPressure"));
    }

    private static PodUse use(String text) {
        String[] parts = text.split(":");
        String amount = parts[2] + "Mi";
        Pod pod = TestPods.parse("""
                metadata: {name: %s, namespace: default, uid: u}
                spec:
                  priority: %s
                  containers: [{name: c, image: i, resources: {requests: {memory: %s, ephemeral-storage: %s}}}]
                """.formatted(parts[0], parts[1], amount, amount));
        long used = Long.parseLong(parts[3]);
        return new PodUse(pod, Map.of("c", new PodUse.ContainerUse(used * MI, used * MI, used, used)), Map.of(), 0);
    }

    private static PodUse.ContainerUse container(long diskMebibytes) {
        return new PodUse.ContainerUse(0, diskMebibytes * MI, 0, 0);
    }
}
