package io.vertikube.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.service.Certificates;
import io.vertikube.service.ServiceEndpoint;
import io.vertikube.service.TlsFiles;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real handshakes with a server of these limits. */
class TlsLimitsTest {

    private static final String OLDER = "TLSv1.2";
    private static final String NEWER = "TLSv1.3";
    private static final String AES_256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
    private static final String CHACHA = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305";

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path folder;

    private TlsFiles files;
    private SSLContext trusting;

    @BeforeEach
    void make() throws IOException, GeneralSecurityException {
        Certificates authority = Certificates.create("test", InstantSource.system());
        Certificates.Pair made = authority.server("n1", List.of("n1"), List.of("127.0.0.1"));
        files = new TlsFiles(folder.resolve("crt"), folder.resolve("key"), null);
        Files.write(files.certificate(), made.certificate());
        Files.write(files.key(), made.key());
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var in = Files.newInputStream(files.certificate())) {
            int number = 0;
            for (var one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("c" + number++, one);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(null, trust.getTrustManagers(), null);
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void bothVersionsAreSpokenIfNobodySaysOtherwise() throws IOException {
        int port = serve(TlsLimits.DEFAULT);
        assertThat(suite(port, OLDER)).contains("_WITH_");
        assertThat(suite(port, NEWER)).doesNotContain("_WITH_");
    }

    @Test
    void anOlderVersionThanTheOldestIsRefused() throws IOException {
        int port = serve(TlsLimits.of("VersionTLS13", List.of()));
        assertThat(suite(port, NEWER)).isNotEmpty();
        assertThatThrownBy(() -> suite(port, OLDER)).isInstanceOf(SSLException.class);
    }

    @Test
    void onlyTheNamedSuitesAreSpokenAndThoseOfTheNewerVersion() throws IOException {
        int port = serve(TlsLimits.of("VersionTLS12", List.of(AES_256)));
        assertThat(suite(port, OLDER)).isEqualTo(AES_256);
        assertThat(suite(port, NEWER)).doesNotContain("_WITH_");
        assertThatThrownBy(() -> suite(port, OLDER, CHACHA + "_SHA256")).isInstanceOf(SSLException.class);
    }

    @Test
    void goNamesASuiteWithoutItsHash() throws IOException {
        assertThat(suite(serve(TlsLimits.of("VersionTLS12", List.of(CHACHA))), OLDER))
                .isEqualTo(CHACHA + "_SHA256");
    }

    private int serve(TlsLimits limits) {
        var options = ServiceEndpoint.options(files);
        limits.apply(options);
        HttpServer server = vertx.createHttpServer(options)
                .requestHandler(request -> request.response().end());
        return server.listen(0, "127.0.0.1").await().actualPort();
    }

    /** What is agreed on with a client that speaks this version, and these suites if any are named. */
    private String suite(int port, String version, String... suites) throws IOException {
        try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setEnabledProtocols(new String[] {version});
            if (suites.length > 0) {
                socket.setEnabledCipherSuites(suites);
            }
            socket.startHandshake();
            return socket.getSession().getCipherSuite();
        }
    }
}
