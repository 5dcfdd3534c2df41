package io.vertikube.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPrivateKey;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.X509KeyManager;
import org.junit.jupiter.api.Test;

class TlsIdentityTest {

    private final Certificates authority = Certificates.create("ca", InstantSource.system());
    private final Certificates.Pair pair = authority.client("jane", List.of("devs"));

    @Test
    void theKeyIsShownToThoseWhoAskForItsKind() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            var manager = (X509KeyManager) TlsIdentity.of(pair.certificate(), pair.key())
                    .getKeyManagerFactory(vertx)
                    .getKeyManagers()[0];
            String alias = manager.chooseClientAlias(new String[] {"RSA", "EC"}, null, null);
            assertThat(manager.getCertificateChain(alias))
                    .containsExactly(Certificates.readCertificate(pair.certificate()));
            assertThat(manager.getPrivateKey(alias)).isEqualTo(Keys.read(pair.key()));
            assertThat(manager.chooseServerAlias("EC", null, null)).isEqualTo(alias);
            assertThat(manager.chooseServerAlias("RSA", null, null)).isNull();
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void whatIsNoPemIsRefused() {
        byte[] nothing = "nothing".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> TlsIdentity.of(nothing, pair.key())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TlsIdentity.of(pair.certificate(), nothing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no private key");
    }

    @Test
    void aNamedKeyIsTheSameKey() throws Exception {
        byte[] named = Certificates.namedKey(pair);
        assertThat(new String(named, StandardCharsets.US_ASCII)).startsWith("-----BEGIN EC PRIVATE KEY-----");
        assertThat(secret(named)).isEqualTo(secret(pair.key()));
    }

    private static BigInteger secret(byte[] pem) throws IOException {
        return ((ECPrivateKey) Keys.read(pem)).getS();
    }
}
