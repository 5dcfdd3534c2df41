package io.vertikube.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KubeConfigTest {

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        var written = KubeConfig.withCertificate(
                URI.create("https://127.0.0.1:6443"), "ca".getBytes(), "cert".getBytes(), "key".getBytes());
        Path file = Files.writeString(folder.resolve("config"), written.toYaml());
        KubeConfig read = KubeConfig.load(file);
        assertThat(read.server()).isEqualTo(written.server());
        assertThat(read.caPem()).isEqualTo(written.caPem());
        assertThat(read.certPem()).isEqualTo(written.certPem());
        assertThat(read.keyPem()).isEqualTo(written.keyPem());
        assertThat(read.namespace()).isEqualTo("default");
    }

    @Test
    void filesAreFoundBesideIt() throws Exception {
        Files.writeString(folder.resolve("ca.crt"), "CA");
        Path file = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: k, user: u, namespace: team}}]
                clusters: [{name: k, cluster: {server: "https://10.0.0.1:6443", certificate-authority: ca.crt}}]
                users: [{name: u, user: {token: secret}}]
                """);
        KubeConfig read = KubeConfig.load(file);
        assertThat(read.caPem()).isEqualTo("CA".getBytes());
        assertThat(read.token()).isEqualTo("secret");
        assertThat(read.namespace()).isEqualTo("team");
        assertThat(read.toString()).doesNotContain("secret");
    }

    @Test
    void aContextThatIsNotThereIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("config"), "current-context: ghost\n");
        assertThatThrownBy(() -> KubeConfig.load(file)).hasMessageContaining("ghost");
    }
}
