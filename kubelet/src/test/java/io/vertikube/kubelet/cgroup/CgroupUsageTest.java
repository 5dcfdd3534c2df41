package io.vertikube.kubelet.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupUsageTest {

    @TempDir
    private Path mount;

    private void file(String path, String text) throws IOException {
        Path file = mount.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void versionOneCountsNanosecondsInAHierarchyOfItsOwn() throws IOException {
        file("cpu,cpuacct/kubepods/poda/c/cpuacct.usage", "1234567\n");
        file("memory/kubepods/poda/c/memory.usage_in_bytes", "10000\n");
        file("memory/kubepods/poda/c/memory.stat", "cache 5\ninactive_file 1\ntotal_inactive_file 4000\n");
        var usage = new CgroupUsage(mount);
        assertThat(usage.cpuNanoseconds("/kubepods/poda/c")).hasValue(1234567);
        assertThat(usage.workingSetBytes("/kubepods/poda/c")).hasValue(6000);
    }

    @Test
    void versionTwoCountsMicroseconds() throws IOException {
        file("cgroup.controllers", "cpu memory");
        file("kubepods/poda/c/cpu.stat", "usage_usec 55\nuser_usec 50\n");
        file("kubepods/poda/c/memory.current", "300\n");
        file("kubepods/poda/c/memory.stat", "anon 5\ninactive_file 400\n");
        var usage = new CgroupUsage(mount);
        assertThat(usage.cpuNanoseconds("/kubepods/poda/c")).hasValue(55000);
        assertThat(usage.workingSetBytes("/kubepods/poda/c")).hasValue(0);
    }

    @Test
    void whatHasNoFileIsNotKnown() {
        var usage = new CgroupUsage(mount);
        assertThat(usage.cpuNanoseconds("/kubepods/poda/c")).isEmpty();
        assertThat(usage.workingSetBytes("/kubepods/poda/c")).isEmpty();
    }

    @Test
    void bothVersionsTellTheSameFigures() throws IOException {
        file("one/cpuacct/k/p/cpuacct.usage", "7000000000\n");
        file("one/cpuacct/k/p/cpuacct.stat", "user 500\nsystem 200\n");
        file("one/cpu/k/p/cpu.stat", "nr_periods 9\nnr_throttled 3\nthrottled_time 4000\n");
        file("one/memory/k/p/memory.usage_in_bytes", "900\n");
        file("one/memory/k/p/memory.limit_in_bytes", "1000\n");
        file(
                "one/memory/k/p/memory.stat",
                "total_rss 300\ntotal_cache 500\ntotal_swap 0\ntotal_pgfault 8\ntotal_pgmajfault 2\n"
                        + "total_inactive_file 100\n");
        file("one/memory/k/p/memory.oom_control", "oom_kill_disable 0\noom_kill 1\n");
        file("one/pids/k/p/pids.current", "5\n");
        file("one/pids/k/p/cgroup.procs", "");
        file("one/pids/k/p/c/cgroup.procs", "31\n30\n");
        file("two/cgroup.controllers", "cpu memory pids");
        file(
                "two/k/p/cpu.stat",
                "usage_usec 7000000\nuser_usec 5000000\nsystem_usec 2000000\nnr_periods 9\nnr_throttled 3\n"
                        + "throttled_usec 4\n");
        file("two/k/p/memory.current", "900\n");
        file("two/k/p/memory.max", "1000\n");
        file("two/k/p/memory.stat", "anon 300\nfile 500\npgfault 8\npgmajfault 2\ninactive_file 100\n");
        file("two/k/p/memory.swap.current", "0\n");
        file("two/k/p/memory.events", "oom 1\noom_kill 1\n");
        file("two/k/p/pids.current", "5\n");
        file("two/k/p/c/cgroup.procs", "31\n30\n");
        var expected = new CgroupFigures(
                new CgroupFigures.Cpu(7_000_000_000L, 5_000_000_000L, 2_000_000_000L, 9, 3, 4000),
                new CgroupFigures.Memory(900, 800, 300, 500, 0, 1000, 8, 2, 1),
                new CgroupFigures.Tasks(2, 5));
        for (String version : new String[] {"one", "two"}) {
            var usage = new CgroupUsage(mount.resolve(version));
            assertThat(usage.of("/k/p")).as(version).isEqualTo(expected);
            assertThat(usage.firstProcess("/k/p")).as(version).hasValue(30L);
        }
    }

    @Test
    void noLimitIsNotKnownAndNoPathIsNothing() throws IOException {
        file("memory/k/memory.limit_in_bytes", "9223372036854771712\n");
        var usage = new CgroupUsage(mount);
        assertThat(usage.of("/k").memory().limit()).isEqualTo(CgroupFigures.UNKNOWN);
        assertThat(usage.of("")).isEqualTo(CgroupFigures.NONE);
    }

    @Test
    void aContainersCgroupIsFoundByItsIdWhateverStandsAroundIt() throws IOException {
        file("memory/k/pa/cri-containerd-abc.scope/memory.stat", "");
        file("memory/k/pb/abc/memory.stat", "");
        var usage = new CgroupUsage(mount);
        assertThat(usage.ofContainer("/k/pa", "abc")).isEqualTo("/k/pa/cri-containerd-abc.scope");
        assertThat(usage.ofContainer("/k/pb", "abc")).isEqualTo("/k/pb/abc");
        assertThat(usage.ofContainer("", "abc")).isEmpty();
    }
}
