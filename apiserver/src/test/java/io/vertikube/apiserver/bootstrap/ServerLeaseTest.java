package io.vertikube.apiserver.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.vertikube.apiserver.ApiServerOptions;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.client.ListOptions;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ServerLeaseTest {

    @Test
    void itIsReadByTypedClientsWhenItsTimeEndsInZeros() {
        Instant whole = Instant.parse("2030-01-01T00:00:00Z");
        try (TestServer server = TestServer.start(ApiServerOptions.forTests(), () -> whole)) {
            assertThat(server.client()
                            .of(Lease.class)
                            .list("kube-system", ListOptions.all())
                            .items())
                    .isNotEmpty()
                    .allMatch(
                            lease -> lease.getSpec().getRenewTime().toInstant().equals(whole));
        }
    }
}
