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
}
