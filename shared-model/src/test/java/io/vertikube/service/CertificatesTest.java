package io.vertikube.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificatesTest {

    private static final Duration SKEW = Duration.ofMinutes(6);

    private final Certificates authority = Certificates.create("test-ca", InstantSource.system());

    @Test
    void anAuthoritySaysThatItIsOne() throws Exception {
        X509Certificate certificate = Certificates.readCertificate(authority.authorityPem());
        assertThat(certificate.getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
        assertThat(certificate.getKeyUsage())
                .containsExactly(true, false, false, false, false, true, true, false, false);
        assertThat(certificate.getExtensionValue("2.5.29.14")).hasSize(24);
        assertThat(certificate.getNotBefore().toInstant())
                .isBetween(Instant.now().minus(SKEW), Instant.now());
        assertThat(certificate.getVersion()).isEqualTo(3);
    }

    @Test
    void aClientCertificateNamesUserAndGroups() throws Exception {
        var pair = authority.client("system:node:n1", List.of("system:nodes", "Ülkü, \"quoted\""));
        var certificate = verified(pair);
        assertThat(certificate.getSubjectX500Principal())
                .isEqualTo(new javax.security.auth.x500.X500Principal(
                        "CN=system:node:n1, O=\"Ülkü, \\\"quoted\\\"\", O=system:nodes"));
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getKeyUsage()).startsWith(true, false);
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(Keys.read(pair.key()).getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void anAuthorityThatWasSavedSignsOn() throws Exception {
        var again = Certificates.load(authority.authority(), InstantSource.system());
        var certificate = verified(
                again.server("kube-apiserver", List.of("kubernetes.default"), List.of("127.0.0.1", "fd00::1")));
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactly("kubernetes.default", "127.0.0.1", "fd00:0:0:0:0:0:0:1");
    }

    @Test
    void datesBeyondTheCenturysHalfAreWrittenInFull() throws Exception {
        Instant later = Instant.parse("2049-06-01T00:00:00Z");
        var certificate = Certificates.readCertificate(
                Certificates.create("late", InstantSource.fixed(later)).authorityPem());
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(later.plus(Duration.ofDays(3650)));
    }

    @Test
    void openSslAgrees(@TempDir Path folder) throws Exception {
        Path ca = Files.write(folder.resolve("ca.pem"), authority.authorityPem());
        Path leaf = Files.write(
                folder.resolve("leaf.pem"),
                authority
                        .server("name", List.of("localhost"), List.of("10.0.0.1"))
                        .certificate());
        var command = new ProcessBuilder(
                        "openssl",
                        "verify",
                        "-x509_strict",
                        "-purpose",
                        "sslserver",
                        "-verify_ip",
                        "10.0.0.1",
                        "-CAfile",
                        ca.toString(),
                        leaf.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(command.getInputStream().readAllBytes());
        assertThat(command.waitFor()).as(said).isZero();
    }

    private X509Certificate verified(Certificates.Pair pair) throws Exception {
        X509Certificate certificate = Certificates.readCertificate(pair.certificate());
        certificate.verify(
                Certificates.readCertificate(authority.authorityPem()).getPublicKey());
        return certificate;
    }
}
