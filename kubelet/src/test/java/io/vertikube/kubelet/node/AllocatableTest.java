package io.vertikube.kubelet.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.kubelet.KubeletCommand;
import io.vertikube.kubelet.NodePolicies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AllocatableTest {

    private static final long GI = 1L << 30;
    private static final Machine.Resources MACHINE =
            new Machine.Resources(4, 8 * GI, 8 * GI, 100 * GI, 90 * GI, 1, 1, Map.of());

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing kept | --eviction-hard=memory.available<0% | 4 | 8388608Ki | 104857600Ki",
                "by default | '' | 4 | 8286208Ki | 94371840Ki",
                "reserved too | --system-reserved=cpu=500m,memory=1Gi --kube-reserved=cpu=500m,ephemeral-storage=5Gi "
                        + "| 3000m | 7237632Ki | 89128960Ki",
                "more than there is | --kube-reserved=cpu=9,memory=9Gi | 0m | 0Ki | 94371840Ki"
            })
    void podsGetWhatIsLeft(String what, String flags, String cpu, String memory, String disk) {
        Map<String, Quantity> left =
                Allocatable.of(NodeStatusPlan.capacity(MACHINE, 110, NodeOptions.DEFAULT), MACHINE, policies(flags));
        assertThat(left.get("cpu")).as(what).hasToString(cpu);
        assertThat(left.get("memory")).as(what).hasToString(memory);
        assertThat(left.get("ephemeral-storage")).as(what).hasToString(disk);
        assertThat(left.get("pods")).as(what).hasToString("110");
    }

    @Test
    void largePagesAreAResourceAndTakeFromTheMemory() {
        var machine = new Machine.Resources(
                4, 8 * GI, 8 * GI, 100 * GI, 90 * GI, 1, 1, Map.of("2Mi", 6L << 20, "1Gi", GI, "64Ki", 0L));
        Map<String, Quantity> capacity = NodeStatusPlan.capacity(machine, 110, NodeOptions.DEFAULT);
        Map<String, Quantity> left = Allocatable.of(capacity, machine, policies("--eviction-hard=memory.available<0%"));

        assertThat(capacity.get("memory")).hasToString("8388608Ki");
        assertThat(left.get("memory")).hasToString(8388608 - (1 << 20) - 6 * 1024 + "Ki");
        for (Map<String, Quantity> shown : List.of(capacity, left)) {
            assertThat(shown.get("hugepages-2Mi")).hasToString("6Mi");
            assertThat(shown.get("hugepages-1Gi")).hasToString("1Gi");
            assertThat(shown.get("hugepages-64Ki")).hasToString("0");
        }
    }

    @Test
    void theKernelsPoolsAreRead(@TempDir Path pools) throws IOException {
        for (var pool :
                Map.of("hugepages-2048kB", "3", "hugepages-1048576kB", "0").entrySet()) {
            Files.createDirectory(pools.resolve(pool.getKey()));
            Files.writeString(pools.resolve(pool.getKey()).resolve("nr_hugepages"), pool.getValue() + "\n");
        }
        assertThat(LargePages.of(pools)).isEqualTo(Map.of("2Mi", 6L << 20, "1Gi", 0L));
        assertThat(LargePages.of(pools.resolve("none"))).isEmpty();
    }

    @Test
    void whatCannotBeReservedIsNamed() {
        assertThatThrownBy(() -> policies("--kube-reserved=gpu=1")).hasMessageContaining("--kube-reserved: \"gpu\"");
        assertThatThrownBy(() -> policies("--system-reserved=cpu=x"))
                .hasMessageContaining("--system-reserved: cpu: \"x\" is no quantity");
    }

    private static NodePolicies policies(String flags) {
        var command = new KubeletCommand();
        new CommandLine(command).parseArgs(("--kubeconfig=/k " + flags).strip().split(" "));
        return command.options().policies();
    }
}
