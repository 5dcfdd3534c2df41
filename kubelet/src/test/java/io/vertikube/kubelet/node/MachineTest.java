package io.vertikube.kubelet.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineTest {

    @Test
    void theKernelsSettingsAreReadWhole(@TempDir Path root) throws Exception {
        Machine.Resources has = new Machine(root).resources();
        assertThat(has.maxPids()).isGreaterThan(has.pids()).isGreaterThanOrEqualTo(100);
        assertThat(has.pids()).isPositive();
        assertThat(has.memoryAvailable()).isPositive().isLessThanOrEqualTo(has.memoryBytes());
        assertThat(has.diskBytes()).isEqualTo(Files.getFileStore(root).getTotalSpace());
        assertThat(has.diskAvailable()).isPositive().isLessThanOrEqualTo(has.diskBytes());
    }

    @Test
    void aMachineThatSwapsIsRefused(@TempDir Path folder) throws Exception {
        String head = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
        Path swaps = folder.resolve("swaps");
        assertThatCode(() -> Machine.refuseSwap(swaps)).doesNotThrowAnyException();
        Files.writeString(swaps, head);
        assertThatCode(() -> Machine.refuseSwap(swaps)).doesNotThrowAnyException();
        Files.writeString(swaps, head + "/swapfile file 2097148 0 -2\n");
        assertThatThrownBy(() -> Machine.refuseSwap(swaps))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("running with swap on is not supported, please disable swap or set"
                        + " --fail-swap-on flag to false. ")
                .hasMessageEndingWith("/swapfile file 2097148 0 -2");
    }

    @Test
    void linesOfTheKernelAreFoundByTheirNames() {
        String text =
                "MemTotal:       24689632 kB\nSwapMemFree:  7 kB\nMemFree:         1024 kB\nHugePages_Total:       0";
        assertThat(Machine.kilobytes(text, "MemTotal:")).isEqualTo(24689632L * 1024);
        assertThat(Machine.kilobytes(text, "MemFree:")).isEqualTo(1024 * 1024);
        assertThat(Machine.kilobytes(text, "HugePages_Total:")).isZero();
        assertThat(Machine.kilobytes(text, "MemAvailable:")).isZero();
    }

    @Test
    void whereTheKernelDoesNotLetItTheScoreStays(@TempDir Path folder) throws Exception {
        Path score = Files.writeString(folder.resolve("oom_score_adj"), "0");
        assertThat(Machine.scoreItself(score, -999)).isTrue();
        assertThat(score).hasContent("-999");
        assertThat(Machine.scoreItself(folder.resolve("none"), -999)).isFalse();
        assertThat(folder.resolve("none")).doesNotExist();
    }
}
