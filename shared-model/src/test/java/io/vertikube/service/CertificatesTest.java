package io.vertikube.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CertificatesTest {

    private final Certificates authority = Certificates.create("test-ca", InstantSource.system());

    @Test
    void aClientCertificateNamesUserAndGroups() throws Exception {
        var pair = authority.client("system:node:n1", List.of("system:nodes"));
        var certificate = Certificates.readCertificate(pair.certificate());
        certificate.verify(
                Certificates.readCertificate(authority.authorityPem()).getPublicKey());
        assertThat(certificate.getSubjectX500Principal().getName()).contains("CN=system:node:n1", "O=system:nodes");
        assertThat(Certificates.readKey(pair.key()).getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void anAuthorityThatWasSavedSignsOn() throws Exception {
        var again = Certificates.load(authority.authority(), InstantSource.system());
        var pair = again.server("kube-apiserver", List.of("kubernetes.default"), List.of("127.0.0.1"));
        var certificate = Certificates.readCertificate(pair.certificate());
        certificate.verify(
                Certificates.readCertificate(authority.authorityPem()).getPublicKey());
        assertThat(certificate.getSubjectAlternativeNames())
                .anySatisfy(name -> assertThat(name.get(1)).isEqualTo("kubernetes.default"))
                .anySatisfy(name -> assertThat(name.get(1)).isEqualTo("127.0.0.1"));
    }
}
