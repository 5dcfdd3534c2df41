package io.vertikube.kubelet.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.cri.v1.CDIDevice;
import io.vertikube.kubelet.cri.v1.ContainerStatus;
import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.PlainPod;
import io.vertikube.kubelet.runtime.PodIdentity;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerMessageTest {

    /** The field's number is CRI's. */
    @Test
    void namesOfDevicesGoToTheRuntimeAsTheyAre() {
        var told = ToCri.container(config(List.of("example.com/gpu=g0", "example.com/gpu=g1"), ""));
        assertThat(told.getCDIDevicesList())
                .extracting(CDIDevice::getName)
                .containsExactly("example.com/gpu=g0", "example.com/gpu=g1");
        assertThat(io.vertikube.kubelet.cri.v1.ContainerConfig.CDI_DEVICES_FIELD_NUMBER)
                .isEqualTo(17);
    }

    @ParameterizedTest
    @CsvSource({"SIGQUIT,18", "SIGRTMIN+3,38", "'',0"})
    void theRuntimeIsToldTheNumberOfAStopSignalAndSaysIt(String name, int number) {
        assertThat(ToCri.container(config(List.of(), name)).getStopSignal()).isEqualTo(number);
        var answer = ContainerStatus.newBuilder().setStopSignal(number).build();
        assertThat(FromCri.containerStatus(answer, "s").stopSignal()).isEqualTo(name);
    }

    private static ContainerConfig config(List<String> cdiDevices, String stopSignal) {
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
                cdiDevices,
                plain.labels(),
                plain.annotations(),
                plain.logPath(),
                plain.stdin(),
                plain.stdinOnce(),
                plain.tty(),
                stopSignal,
                plain.resources(),
                plain.security());
    }
}
