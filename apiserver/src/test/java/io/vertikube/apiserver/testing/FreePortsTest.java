package io.vertikube.apiserver.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    private final FreePorts ports = new FreePorts();

    @Test
    void noPortIsGivenTwiceThoughNobodyListensYet() {
        assertThat(IntStream.range(0, 200).map(i -> ports.next()).toArray()).doesNotHaveDuplicates();
    }

    @Test
    void aPortThatIsTakenIsPassedOver() throws Exception {
        try (var taken = new ServerSocket(new FreePorts().next(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(ports.next()).isNotEqualTo(taken.getLocalPort());
        }
    }
}
