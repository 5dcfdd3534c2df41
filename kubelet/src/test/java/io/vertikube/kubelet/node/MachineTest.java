package io.vertikube.kubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

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
    }
}
