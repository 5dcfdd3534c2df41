package io.vertikube.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.VolumeMount;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.env.ConfigProblem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecursiveReadOnlyTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: v}                                                  | true  | false",
                "{name: v, readOnly: true, recursiveReadOnly: Disabled}     | true  | false",
                "{name: v, readOnly: true, recursiveReadOnly: IfPossible}   | true  | true",
                "{name: v, readOnly: true, recursiveReadOnly: IfPossible}   | false | false",
                "{name: v, readOnly: true, recursiveReadOnly: Enabled}      | true  | true"
            })
    void modes(String mount, boolean supported, boolean expected) {
        assertThat(RecursiveReadOnly.of(TestPods.parse(mount, VolumeMount.class), () -> supported))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: v, readOnly: true, recursiveReadOnly: Enabled} | but it is not supported by the runtime",
                "{name: v, recursiveReadOnly: IfPossible}              | but it is not read-only",
                "{name: v, readOnly: true, recursiveReadOnly: IfPossible, mountPropagation: HostToContainer} | but it is not compatible with propagation \"HostToContainer\""
            })
    void refusals(String mount, String why) {
        assertThatThrownBy(() -> RecursiveReadOnly.of(TestPods.parse(mount, VolumeMount.class), () -> false))
                .isInstanceOf(ConfigProblem.class)
                .hasMessage(
                        "failed to resolve recursive read-only mode: volume \"v\" requested recursive read-only mode, "
                                + why);
    }
}
