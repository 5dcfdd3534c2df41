package io.vertikube.apiserver.storage.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.apiserver.storage.Store;
import io.vertikube.apiserver.storage.StoreUnavailable;
import io.vertikube.service.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdTlsTest {

    @TempDir
    Path folder;

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    @Test
    void aClientCertificateOpensTheDoorAndNothingElseDoes() throws Exception {
        Certificates authority = Certificates.create("etcd-ca", InstantSource.system());
        Certificates.Pair server = authority.server("etcd", List.of("localhost"), List.of("127.0.0.1"));
        Certificates.Pair client = authority.client("vertikube", List.of());
        Path ca = write("ca.pem", authority.authorityPem());
        Path certificate = write("client.pem", client.certificate());
        Path key = write("client.key", client.key());
        List<String> flags = List.of(
                "--cert-file=" + write("server.pem", server.certificate()),
                "--key-file=" + write("server.key", server.key()),
                "--client-cert-auth",
                "--trusted-ca-file=" + ca);
        try (EtcdProcess etcd = EtcdProcess.secured(flags)) {
            var tls = new EtcdOptions.Tls(ca, certificate, key);
            try (Store store = EtcdStore.connect(EtcdOptions.of(etcd.endpoints(), tls))) {
                long revision = store.create("/registry/a/b/c", "x".getBytes(UTF_8), 0);
                assertThat(store.currentRevision()).isEqualTo(revision);
            }
            var anonymous =
                    new EtcdOptions(etcd.endpoints(), new EtcdOptions.Tls(ca, null, null), Duration.ofSeconds(1));
            assertThatThrownBy(() -> EtcdStore.connect(anonymous)).isInstanceOf(StoreUnavailable.class);
            Path other = write(
                    "other.pem",
                    Certificates.create("other", InstantSource.system()).authorityPem());
            var distrustful = new EtcdOptions(
                    etcd.endpoints(), new EtcdOptions.Tls(other, certificate, key), Duration.ofSeconds(1));
            assertThatThrownBy(() -> EtcdStore.connect(distrustful)).isInstanceOf(StoreUnavailable.class);
        }
    }
}
