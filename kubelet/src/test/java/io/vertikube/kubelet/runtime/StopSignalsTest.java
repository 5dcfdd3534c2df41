package io.vertikube.kubelet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopSignalsTest {

    /** Numbers of the enum Signal of the runtime interface. */
    @ParameterizedTest
    @CsvSource({
        "SIGABRT,1",
        "SIGHUP,8",
        "SIGKILL,13",
        "SIGQUIT,18",
        "SIGTERM,23",
        "SIGUSR1,29",
        "SIGXFSZ,34",
        "SIGRTMIN,35",
        "SIGRTMIN+1,36",
        "SIGRTMIN+15,50",
        "SIGRTMAX-14,51",
        "SIGRTMAX-1,64",
        "SIGRTMAX,65"
    })
    void signalsAreCountedAsTheRuntimeInterfaceDoes(String name, int number) {
        assertThat(StopSignals.number(name)).isEqualTo(number);
        assertThat(StopSignals.name(number)).isEqualTo(name);
        assertThat(StopSignals.isKnown(name)).isTrue();
    }

    @Test
    void whatIsNoneHasNoNumberAndNoName() {
        assertThat(StopSignals.isKnown("USR1")).isFalse();
        assertThat(StopSignals.number("USR1")).isZero();
        assertThat(StopSignals.name(0)).isEmpty();
        assertThat(StopSignals.name(66)).isEmpty();
        assertThat(StopSignals.name(-1)).isEmpty();
    }
}
