package io.vertikube.kubelet.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.cri.v1.ContainerStatus;
import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.PlainPod;
import io.vertikube.kubelet.runtime.PodIdentity;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopSignalMessageTest {

    @ParameterizedTest
    @CsvSource({"SIGQUIT,18", "SIGRTMIN+3,38", "'',0"})
    void theRuntimeIsToldTheNumberAndSaysIt(String name, int number) {
        assertThat(ToCri.container(config(name)).getStopSignal()).isEqualTo(number);
        var answer = ContainerStatus.newBuilder().setStopSignal(number).build();
        assertThat(FromCri.containerStatus(answer, "s").stopSignal()).isEqualTo(name);
    }

    private static ContainerConfig config(String signal) {
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
                plain.cdiDevices(),
                plain.labels(),
                plain.annotations(),
                plain.logPath(),
                plain.stdin(),
                plain.stdinOnce(),
                plain.tty(),
                signal,
                plain.resources(),
                plain.security());
    }
}
