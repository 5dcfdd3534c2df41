package io.vertikube.kubelet.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.vertikube.kubelet.runtime.Mount;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountStatusesTest {

    @ParameterizedTest
    @CsvSource({
        "Enabled, false, Enabled",
        "Enabled, true, Enabled",
        "IfPossible, false, Disabled",
        "IfPossible, true, Enabled",
        "Disabled, false, Disabled",
        ", false, Disabled"
    })
    void aReadOnlyMountSaysWhetherWhatIsBelowItIsSoToo(String asked, boolean made, String told) {
        var mount = new VolumeMountBuilder()
                .withName("v")
                .withMountPath("/v")
                .withReadOnly(true)
                .withRecursiveReadOnly(asked)
                .build();
        var seen = new Mount("/v", "/h", true, made, false, Mount.Propagation.PRIVATE, Optional.empty());
        assertThat(MountStatuses.of(container(mount), List.of(seen)))
                .singleElement()
                .satisfies(status -> {
                    assertThat(status.getName()).isEqualTo("v");
                    assertThat(status.getMountPath()).isEqualTo("/v");
                    assertThat(status.getReadOnly()).isTrue();
                    assertThat(status.getRecursiveReadOnly()).isEqualTo(told);
                });
    }

    @Test
    void oneThatCanBeWrittenToSaysNothingOfThat() {
        var mount = new VolumeMountBuilder().withName("v").withMountPath("/v").build();
        assertThat(MountStatuses.of(container(mount), List.of()))
                .singleElement()
                .satisfies(status -> {
                    assertThat(status.getReadOnly()).isNull();
                    assertThat(status.getRecursiveReadOnly()).isNull();
                });
        assertThat(MountStatuses.of(new Container(), List.of())).isEmpty();
    }

    private static Container container(io.fabric8.kubernetes.api.model.VolumeMount mount) {
        var container = new Container();
        container.setVolumeMounts(List.of(mount));
        return container;
    }
}
