package io.vertikube.controller.bootstraptoken;

import static io.vertikube.controller.Fixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BootstrapTokenTest {
    private static final Map<String, String> GOOD =
            Map.of("token-id", "abcdef", "token-secret", "0123456789abcdef", "usage-bootstrap-signing", "true");

    @Test
    void aSecretOfTheRightShapeIsAToken() {
        BootstrapToken token =
                BootstrapToken.of(secret("bootstrap-token-abcdef", GOOD)).orElseThrow();
        assertThat(token.id()).isEqualTo("abcdef");
        assertThat(token.signs()).isTrue();
        assertThat(token.expiredAt(NOW)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"token-id, ABCDEF", "token-id, abc", "token-secret, short", "expiration, tomorrow"})
    void anythingElseIsNone(String key, String value) {
        var data = new HashMap<>(GOOD);
        data.put(key, value);
        assertThat(BootstrapToken.of(secret("bootstrap-token-abcdef", data))).isEmpty();
    }

    @Test
    void theNameHoldsTheId() {
        assertThat(BootstrapToken.of(secret("bootstrap-token-other1", GOOD))).isEmpty();
    }

    @Test
    void itEndsAtItsTime() {
        var data = new HashMap<>(GOOD);
        data.put("expiration", NOW.toString());
        BootstrapToken token =
                BootstrapToken.of(secret("bootstrap-token-abcdef", data)).orElseThrow();
        assertThat(token.expiredAt(NOW)).isTrue();
        assertThat(token.expiredAt(NOW.minusSeconds(1))).isFalse();
    }

    @Test
    void signaturesAreDetachedAndOnlyOfTheTokensThatAre() throws Exception {
        BootstrapToken token =
                BootstrapToken.of(secret("bootstrap-token-abcdef", GOOD)).orElseThrow();
        Map<String, String> signed = Signatures.signed(
                Map.of("kubeconfig", "apiVersion: v1", "other", "kept", "jws-kubeconfig-gone00", "old"),
                List.of(token));
        assertThat(signed).containsOnlyKeys("kubeconfig", "other", "jws-kubeconfig-abcdef");
        String[] parts = signed.get("jws-kubeconfig-abcdef").split("\\.", -1);
        assertThat(parts).hasSize(3);
        assertThat(parts[1]).isEmpty();
        assertThat(new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8))
                .isEqualTo("{\"alg\":\"HS256\",\"kid\":\"abcdef\"}");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("abcdef.0123456789abcdef".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String payload = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("apiVersion: v1".getBytes(StandardCharsets.UTF_8));
        assertThat(Base64.getUrlDecoder().decode(parts[2]))
                .isEqualTo(mac.doFinal((parts[0] + "." + payload).getBytes(StandardCharsets.UTF_8)));
    }

    private static Secret secret(String name, Map<String, String> data) {
        var encoded = new HashMap<String, String>();
        data.forEach((key, value) ->
                encoded.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("kube-system")
                .endMetadata()
                .withType("bootstrap.kubernetes.io/token")
                .withData(encoded)
                .build();
    }
}
