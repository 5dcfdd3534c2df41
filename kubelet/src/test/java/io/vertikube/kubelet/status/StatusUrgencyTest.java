package io.vertikube.kubelet.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StatusUrgencyTest {

    @ParameterizedTest
    @CsvSource({
        "Pending, ContainerCreating, true",
        "Pending, PodInitializing, true",
        "Pending, ErrImagePull, false",
        "Pending, CreateContainerConfigError, false",
        "Running, ContainerCreating, false",
        "Failed, ContainerCreating, false"
    })
    void onlyAPodThatStartsAsUsualWaits(String phase, String reason, boolean waits) {
        assertThat(StatusUrgency.isOnItsWay(status(phase, reason))).isEqualTo(waits);
    }

    @Test
    void whatRanIsToldAtOnce() {
        PodStatus status = status("Pending", "PodInitializing");
        status.getContainerStatuses()
                .getFirst()
                .setState(new ContainerStateBuilder()
                        .withNewTerminated()
                        .withExitCode(1)
                        .endTerminated()
                        .build());
        assertThat(StatusUrgency.isOnItsWay(status)).isFalse();
    }

    @Test
    void refusedPodIsToldAtOnce() {
        PodStatus status = status("Pending", "ContainerCreating");
        status.setReason("Evicted");
        assertThat(StatusUrgency.isOnItsWay(status)).isFalse();
    }

    private static PodStatus status(String phase, String reason) {
        return new PodStatusBuilder()
                .withPhase(phase)
                .withContainerStatuses(new ContainerStatusBuilder()
                        .withName("main")
                        .withState(new ContainerStateBuilder()
                                .withNewWaiting()
                                .withReason(reason)
                                .endWaiting()
                                .build())
                        .build())
                .build();
    }
}
