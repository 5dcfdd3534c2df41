package io.vertikube.kubelet.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.cri.v1.SELinuxOption;
import io.vertikube.kubelet.runtime.NamespaceSharing;
import io.vertikube.kubelet.runtime.SeccompProfile;
import io.vertikube.kubelet.runtime.SecurityOptions;
import io.vertikube.kubelet.runtime.SelinuxOptions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SelinuxMessageTest {

    @Test
    void theRuntimeIsToldTheLabel() {
        var label = Optional.of(new SelinuxOptions("system_u", "system_r", "container_t", "s0:c1,c2"));
        assertThat(ToCri.security(options(label)).getSelinuxOptions())
                .isEqualTo(SELinuxOption.newBuilder()
                        .setUser("system_u")
                        .setRole("system_r")
                        .setType("container_t")
                        .setLevel("s0:c1,c2")
                        .build());
        assertThat(ToCri.security(options(Optional.empty())).hasSelinuxOptions())
                .isFalse();
    }

    private static SecurityOptions options(Optional<SelinuxOptions> label) {
        return new SecurityOptions(
                false,
                false,
                false,
                List.of(),
                List.of(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                List.of(),
                false,
                SeccompProfile.UNCONFINED,
                List.of(),
                List.of(),
                new NamespaceSharing(false, false, NamespaceSharing.Pid.POD, "", Optional.empty()),
                label,
                Optional.empty());
    }
}
