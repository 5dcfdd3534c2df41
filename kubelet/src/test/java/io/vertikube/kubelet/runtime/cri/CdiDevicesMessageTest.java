package io.vertikube.kubelet.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.cri.v1.CDIDevice;
import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.PlainPod;
import io.vertikube.kubelet.runtime.PodIdentity;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CdiDevicesMessageTest {

    /** The field's number is CRI's. */
    @Test
    void namesGoToTheRuntimeAsTheyAre() {
        var told = ToCri.container(config("example.com/gpu=g0", "example.com/gpu=g1"));
        assertThat(told.getCDIDevicesList())
                .extracting(CDIDevice::getName)
                .containsExactly("example.com/gpu=g0", "example.com/gpu=g1");
        assertThat(io.vertikube.kubelet.cri.v1.ContainerConfig.CDI_DEVICES_FIELD_NUMBER)
                .isEqualTo(17);
    }

    private static ContainerConfig config(String... cdi) {
        ContainerConfig plain =
                new PlainPod(new PodIdentity("ns", "p", "u"), Path.of("/logs"), true).container("c", 0, "i", List.of());
        return new ContainerConfig(
                plain.name(),
                plain.attempt(),
                plain.image(),
                plain.userImage(),
                plain.command(),
                plain.args(),
                plain.workingDir(),
                plain.env(),
                plain.mounts(),
                plain.devices(),
                List.of(cdi),
                plain.labels(),
                plain.annotations(),
                plain.logPath(),
                plain.stdin(),
                plain.stdinOnce(),
                plain.tty(),
                plain.stopSignal(),
                plain.resources(),
                plain.security());
    }
}
