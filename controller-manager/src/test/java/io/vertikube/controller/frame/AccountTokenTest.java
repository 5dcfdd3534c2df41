package io.vertikube.controller.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.client.UnreachableException;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a real API server, at a time that the test moves. */
final class AccountTokenTest {
    private static final String REVIEW = "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}";

    private final TestServer server = TestServer.start();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final AccountToken token = new AccountToken(server.client(), "web-controller", now::get);

    @AfterEach
    void stop() {
        server.close();
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    @Test
    void theAccountIsMadeAndTheServerKnowsItByTheToken() {
        try (var identities = new ServiceAccounts(server.client(), now::get)) {
            byte[] review = identities
                    .of("web-controller")
                    .raw(
                            "POST",
                            "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                            "application/json",
                            REVIEW.getBytes(StandardCharsets.UTF_8));
            assertThat(Json.tree(review)
                            .path("status")
                            .path("userInfo")
                            .path("username")
                            .asText())
                    .isEqualTo("system:serviceaccount:kube-system:web-controller");
        }
        assertThat(server.client().of(ServiceAccount.class).find("kube-system", "web-controller"))
                .isPresent();
    }

    @Test
    void itIsRenewedBeforeItEndsAndNotSooner() {
        String first = token.get();
        pass(Duration.ofMinutes(40));
        assertThat(token.get()).isEqualTo(first);
        pass(Duration.ofMinutes(10));
        assertThat(token.get()).isNotEqualTo(first);
    }

    @Test
    void oneThatCannotBeRenewedIsUsedToItsEnd() {
        String first = token.get();
        server.close();
        pass(Duration.ofMinutes(50));
        assertThat(token.get()).isEqualTo(first);
        pass(Duration.ofMinutes(20));
        assertThatThrownBy(token::get).isInstanceOf(UnreachableException.class);
    }
}
