package io.vertikube.kubelet.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.kernel.MachineCommands;
import io.vertikube.kubelet.runtime.CgroupDriver;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cgroup v2 and systemd on a tree that only looks like the kernel's. */
class PodCgroupsTest {

    private static final String UID = "0f1e-2d3c";
    private static final NodeShares.Share NONE = new NodeShares.Share(0, 0, 0);
    private static final String CALL =
            "busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager";

    @TempDir
    Path mount;

    private final List<String> commands = new ArrayList<>();
    private MachineCommands.Result answer = new MachineCommands.Result(0, "");

    @ParameterizedTest
    @CsvSource({"2, 1", "1, 1", "1024, 39", "512, 20", "262144, 10000", "500000, 10000"})
    void sharesBecomeWeights(long shares, long weight) {
        assertThat(CgroupFiles.weight(shares)).isEqualTo(weight);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/     | CGROUPFS | Guaranteed | /kubepods/pod0f1e-2d3c",
                "/     | CGROUPFS | Burstable  | /kubepods/burstable/pod0f1e-2d3c",
                "/node | CGROUPFS | BestEffort | /node/kubepods/besteffort/pod0f1e-2d3c",
                "/     | SYSTEMD  | Guaranteed | /kubepods.slice/kubepods-pod0f1e_2d3c.slice",
                "/     | SYSTEMD  | Burstable  | /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0f1e_2d3c.slice",
                "/a-b  | SYSTEMD  | Guaranteed | /a_b.slice/a_b-kubepods.slice/a_b-kubepods-pod0f1e_2d3c.slice"
            })
    void whereAPodIs(String root, CgroupDriver driver, String qos, String expected) throws IOException {
        PodCgroups cgroups = cgroups(root, options(driver, -1, false));
        assertThat(cgroups.parentOf(UID, qos)).isEqualTo(expected);
        kernelOfVersion2();
        Files.createDirectories(mount.resolve(expected.substring(1)));
        assertThat(cgroups.podUids()).containsExactly(UID);
    }

    @Test
    void version2HasItsOwnFiles() throws IOException {
        kernelOfVersion2();
        Path pod = mount.resolve("kubepods/burstable/pod" + UID);
        files(
                pod,
                "cpu.weight",
                "cpu.max",
                "memory.max",
                "memory.min",
                "pids.max",
                "hugetlb.2MB.max",
                "hugetlb.1GB.max");
        cgroups("/", options(CgroupDriver.CGROUPFS, 100, true))
                .create(UID, "Burstable", PodResources.ofPod(pod(), LimitPolicy.DEFAULT), PodReserves.of(pod()));
        assertThat(pod.resolve("cpu.weight")).hasContent("20");
        assertThat(pod.resolve("cpu.max")).hasContent("150000 100000");
        assertThat(pod.resolve("memory.max")).hasContent("134217728");
        assertThat(pod.resolve("memory.min")).hasContent("67108864");
        assertThat(pod.resolve("pids.max")).hasContent("100");
        assertThat(pod.resolve("hugetlb.2MB.max")).hasContent("4194304");
        assertThat(pod.resolve("hugetlb.1GB.max")).as("nobody asked for those").isEmptyFile();
        assertThat(mount.resolve("cgroup.subtree_control")).hasContent("+hugetlb");
    }

    @Test
    void whatNobodyAskedForIsNotSet() throws IOException {
        kernelOfVersion2();
        Path pod = mount.resolve("kubepods/besteffort/pod" + UID);
        files(pod, "cpu.weight", "cpu.max", "memory.max", "memory.min", "pids.max");
        Pod plain = TestPods.parse("{metadata: {name: p, uid: u}, spec: {containers: [{name: c, image: i}]}}");
        cgroups("/", CgroupOptions.DEFAULT)
                .create(UID, "BestEffort", PodResources.ofPod(plain, LimitPolicy.DEFAULT), PodReserves.of(plain));
        assertThat(pod.resolve("cpu.weight")).hasContent("1");
        for (String file : List.of("cpu.max", "memory.max", "memory.min", "pids.max")) {
            assertThat(pod.resolve(file)).isEmptyFile();
        }
    }

    /** KEP-4033: the runtime's own configuration is what counts, as soon as it can be asked. */
    @Test
    void whoMakesCgroupsIsAsTheRuntimeSays() throws IOException {
        kernelOfVersion2();
        var said = new AtomicReference<Supplier<Optional<CgroupDriver>>>(() -> {
            throw new RuntimeFailure(RuntimeFailure.Kind.UNAVAILABLE, "not there yet");
        });
        PodCgroups cgroups = cgroups(
                "/", options(CgroupDriver.CGROUPFS, -1, false), () -> said.get().get());
        cgroups.enforce(new NodeShares(new NodeShares.Share(1000, 0, 0), NONE, NONE));
        assertThat(cgroups.ofAllPods()).isEqualTo("/kubepods");
        assertThat(commands).isEmpty();

        said.set(() -> Optional.of(CgroupDriver.SYSTEMD));
        cgroups.create(UID, "Guaranteed", PodResources.ofPod(pod(), LimitPolicy.DEFAULT));
        assertThat(cgroups.ofAllPods()).isEqualTo("/kubepods.slice");
        assertThat(commands).hasSize(2);
        assertThat(commands.getFirst()).contains(" StartTransientUnit ", " kubepods.slice ", " CPUWeight t 39 ");
        assertThat(commands.getLast()).contains(" kubepods-pod0f1e_2d3c.slice ");

        said.set(Optional::empty);
        assertThat(cgroups.ofAllPods()).isEqualTo("/kubepods.slice");
    }

    @Test
    void whereTheRuntimeDoesNotSayTheOptionsDo() {
        assertThat(cgroups("/", options(CgroupDriver.SYSTEMD, -1, false)).ofAllPods())
                .isEqualTo("/kubepods.slice");
    }

    @Test
    void systemdMakesChangesAndStopsSlices() throws IOException {
        kernelOfVersion2();
        PodCgroups cgroups = cgroups("/", options(CgroupDriver.SYSTEMD, 100, false));
        String slice = "kubepods-burstable-pod0f1e_2d3c.slice";
        cgroups.create(UID, "Burstable", PodResources.ofPod(pod(), LimitPolicy.DEFAULT));
        assertThat(commands)
                .containsExactly(
                        "busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager"
                                + " StartTransientUnit ssa(sv)a(sa(sv)) " + slice
                                + " replace 9 Description s Vertikube pod "
                                + slice + " DefaultDependencies b false CPUAccounting b true MemoryAccounting b true"
                                + " TasksAccounting b true CPUWeight t 20 CPUQuotaPerSecUSec t 1500000 MemoryMax t 134217728"
                                + " TasksMax t 100 0",
                        CALL + " SetUnitProperties sba(sv) kubepods-burstable.slice true 1 CPUWeight t 20");
        Files.createDirectories(mount.resolve(cgroups.parentOf(UID, "Burstable").substring(1)));
        commands.clear();
        cgroups.create(UID, "Burstable", PodResources.ofPod(pod(), LimitPolicy.DEFAULT));
        cgroups.remove(UID);
        assertThat(commands)
                .containsExactly(
                        "busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager"
                                + " SetUnitProperties sba(sv) " + slice + " true 4 CPUWeight t 20 CPUQuotaPerSecUSec t"
                                + " 1500000 MemoryMax t 134217728 TasksMax t 100",
                        "busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager"
                                + " StopUnit ss " + slice + " replace",
                        CALL + " SetUnitProperties sba(sv) kubepods-burstable.slice true 1 CPUWeight t 1");
        answer = new MachineCommands.Result(1, "Access denied");
        assertThatThrownBy(() -> cgroups.remove(UID))
                .isInstanceOf(IOException.class)
                .hasMessage("systemd refused StopUnit of " + slice + ": Access denied");
    }

    @Test
    void aClassHasWhatItsPodsHaveAndPodsThatAskForNothingTheLeast() throws IOException {
        for (String folder :
                List.of("kubepods/burstable/poda", "kubepods/burstable/podb", "kubepods/besteffort/podc")) {
            Files.createDirectories(mount.resolve("cpu").resolve(folder));
            Files.writeString(mount.resolve("cpu").resolve(folder).resolve("cpu.shares"), "1024\n");
        }
        Path burstable = mount.resolve("cpu/kubepods/burstable/cpu.shares");
        Path bestEffort = mount.resolve("cpu/kubepods/besteffort/cpu.shares");
        Files.writeString(burstable, "1024");
        Files.writeString(bestEffort, "1024");
        PodCgroups cgroups = cgroups("/", CgroupOptions.DEFAULT);
        cgroups.create("b", "Burstable", PodResources.ofPod(pod(), LimitPolicy.DEFAULT));
        assertThat(burstable).as("one pod has 1024, the other has now 500m").hasContent(Long.toString(1024 + 512));
        cgroups.create("c", "BestEffort", new io.vertikube.kubelet.runtime.LinuxResources(0, 0, 2, 0, 0));
        assertThat(bestEffort).hasContent("2");
    }

    @Test
    void allPodsTogetherAndTheMachinesOwnServicesHaveWhatIsTheirs() throws IOException {
        kernelOfVersion2();
        files(mount.resolve("kubepods"), "cpu.weight", "memory.max", "pids.max");
        files(mount.resolve("system"), "cpu.weight", "memory.max", "pids.max");
        var shares = new NodeShares(
                new NodeShares.Share(1500, 900, 77), new NodeShares.Share(500, 100, 0), new NodeShares.Share(0, 0, 0));
        cgroups("/", CgroupOptions.DEFAULT).enforce(shares);
        assertThat(mount.resolve("kubepods/memory.max")).hasContent("900");
        assertThat(mount.resolve("kubepods/pids.max")).hasContent("77");
        assertThat(mount.resolve("kubepods/cpu.weight")).hasContent(Long.toString(CgroupFiles.weight(1536)));
        assertThat(mount.resolve("system/memory.max")).isEmptyFile();
        cgroups("/", enforcing(CgroupOptions.Enforced.SYSTEM_RESERVED, "/system"))
                .enforce(shares);
        assertThat(mount.resolve("system/memory.max")).hasContent("100");
        assertThat(mount.resolve("system/pids.max")).isEmptyFile();
        assertThatThrownBy(() -> cgroups("/", enforcing(CgroupOptions.Enforced.SYSTEM_RESERVED, "/none"))
                        .enforce(shares))
                .hasMessageStartingWith("Failed to enforce System Reserved Cgroup Limits on \"/none\":");
        assertThatThrownBy(() -> new CgroupOptions.Enforcement(
                        Set.of(CgroupOptions.Enforced.KUBE_RESERVED), Optional.empty(), Optional.empty()))
                .hasMessage("--enforce-node-allocatable: kube-reserved needs --kube-reserved-cgroup");
    }

    @Test
    void limitsAreWhatTheKernelsVersionHas() throws IOException {
        LimitOptions swapping = new LimitOptions(false, Duration.ofMillis(5), Optional.of(true), true);
        LimitOptions together = new LimitOptions(true, Duration.ofMillis(100), Optional.of(false), false);
        assertThat(limited(LimitOptions.DEFAULT).limits(100)).isEqualTo(LimitPolicy.DEFAULT);
        assertThatThrownBy(() -> limited(together).limits(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--single-process-oom-kill must not be explicitly set to false when using cgroup v1");
        assertThatThrownBy(() -> limited(swapping).limits(100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--memory-swap-behavior: LimitedSwap needs cgroup v2, which this machine does not have");

        kernelOfVersion2();
        assertThat(limited(LimitOptions.DEFAULT).limits(100))
                .as("without limits of swap")
                .isEqualTo(new LimitPolicy(true, 100_000, true, OptionalLong.empty()));
        files(mount.resolve("system.slice"), "memory.swap.max");
        assertThat(limited(LimitOptions.DEFAULT).limits(100))
                .isEqualTo(new LimitPolicy(true, 100_000, true, OptionalLong.of(0)));
        assertThat(limited(together).limits(100)).isEqualTo(new LimitPolicy(true, 100_000, true, OptionalLong.of(0)));
        assertThat(limited(swapping).limits(100)).isEqualTo(new LimitPolicy(false, 5_000, false, OptionalLong.of(100)));
    }

    @Test
    void machineOfVersionOneCanBeRefused() throws IOException {
        var refusing = new CgroupOptions(
                CgroupDriver.CGROUPFS, -1, false, CgroupOptions.DEFAULT.enforcement(), LimitOptions.DEFAULT, true);
        assertThatThrownBy(() -> cgroups("/", refusing).limits(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--fail-cgroupv1: this machine has cgroup v1");
        Files.writeString(mount.resolve("cgroup.controllers"), "cpu memory pids hugetlb");
        assertThat(cgroups("/", refusing).limits(0).quotas()).isTrue();
    }

    private PodCgroups limited(LimitOptions limits) {
        return cgroups(
                "/",
                new CgroupOptions(
                        CgroupDriver.CGROUPFS, -1, false, CgroupOptions.DEFAULT.enforcement(), limits, false));
    }

    private static CgroupOptions enforcing(CgroupOptions.Enforced what, String system) {
        return new CgroupOptions(
                CgroupDriver.CGROUPFS,
                -1,
                false,
                new CgroupOptions.Enforcement(Set.of(what), Optional.of(system), Optional.empty()),
                LimitOptions.DEFAULT,
                false);
    }

    private static CgroupOptions options(CgroupDriver driver, long pids, boolean memoryQos) {
        return new CgroupOptions(
                driver, pids, memoryQos, CgroupOptions.DEFAULT.enforcement(), LimitOptions.DEFAULT, false);
    }

    private PodCgroups cgroups(String root, CgroupOptions options) {
        return cgroups(root, options, Optional::empty);
    }

    private PodCgroups cgroups(String root, CgroupOptions options, Supplier<Optional<CgroupDriver>> runtime) {
        return new PodCgroups(Optional.of(root), options, runtime, mount, command -> {
            commands.add(String.join(" ", command));
            return answer;
        });
    }

    private void kernelOfVersion2() throws IOException {
        Files.writeString(mount.resolve("cgroup.controllers"), "cpu memory pids hugetlb");
        Files.createFile(mount.resolve("cgroup.subtree_control"));
    }

    /** The kernel makes the files with the folder; each folder on the way has its controllers too. */
    private void files(Path folder, String... names) throws IOException {
        Files.createDirectories(folder);
        for (Path at = folder; !at.equals(mount); at = at.getParent()) {
            Files.writeString(at.resolve("cgroup.controllers"), "cpu memory pids hugetlb");
        }
        for (String name : names) {
            Files.createFile(folder.resolve(name));
        }
    }

    private static Pod pod() {
        return TestPods.parse("""
                metadata: {name: p, namespace: n, uid: u}
                spec:
                  containers:
                  - {name: a, image: i, resources: {requests: {cpu: 250m}, limits: {cpu: 500m, memory: 64Mi, hugepages-2Mi: 4Mi}}}
                  - {name: b, image: i, resources: {requests: {cpu: 250m, memory: 0}, limits: {cpu: 1, memory: 64Mi}}}
                """);
    }
}
