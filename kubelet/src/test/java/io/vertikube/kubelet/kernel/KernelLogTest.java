package io.vertikube.kubelet.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kernel's words say of the memory of a container. */
final class KernelLogTest {

    private static final String LOG = """
            <6>[   10.1] eth0: link becomes ready
            <6>[   11.2] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=aaa,mems_allowed=0,oom_memcg=/n/pod1,task_memcg=/n/pod1/aaa,task=dd,pid=77,uid=0
            <3>[   11.3] Memory cgroup out of memory: Killed process 77 (dd) total-vm:1kB, anon-rss:1kB, oom_score_adj:999
            <6>[   12.4] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=ddd,mems_allowed=0,global_oom,task_memcg=/kube.slice/cri-containerd-bbb.scope,task=eee,pid=78,uid=0
            <6>[   13.5] dd of /n/pod1/ccc says ,task_memcg=/n/pod1/ccc,task=x
            """;

    @ParameterizedTest
    @CsvSource({"aaa,true", "bbb,true", "ccc,false", "ddd,false", "eee,false", "pod2,false"})
    void onlyTheCgroupWhoseProcessHadToGoRanOutOfMemory(String container, boolean ranOut) {
        assertThat(KernelLog.ranOutOfMemory(LOG, container)).isEqualTo(ranOut);
    }
}
