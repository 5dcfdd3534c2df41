package io.vertikube.kubelet.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.kubelet.KubeletCommand;
import io.vertikube.kubelet.NodePolicies;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AllocatableTest {

    private static final long GI = 1L << 30;
    private static final Machine.Resources MACHINE = new Machine.Resources(4, 8 * GI, 8 * GI, 100 * GI, 90 * GI, 1, 1);

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
        Map<String, Quantity> left = Allocatable.of(NodeStatusPlan.capacity(MACHINE, 110), MACHINE, policies(flags));
        assertThat(left.get("cpu")).as(what).hasToString(cpu);
        assertThat(left.get("memory")).as(what).hasToString(memory);
        assertThat(left.get("ephemeral-storage")).as(what).hasToString(disk);
        assertThat(left.get("pods")).as(what).hasToString("110");
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
