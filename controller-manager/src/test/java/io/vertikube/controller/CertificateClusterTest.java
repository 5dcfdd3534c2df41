package io.vertikube.controller;

import static io.vertikube.controller.TestCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestConditionBuilder;
import io.vertikube.service.Certificates;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Certificate requests against a real API server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CertificateClusterTest {
    private TestCluster cluster;

    @BeforeAll
    void start() {
        cluster = new TestCluster();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void anApprovedRequestIsSignedForWhatItAskedAndNoLonger() throws Exception {
        create("jane", "kubernetes.io/kube-apiserver-client", "CN=jane,O=dev", "client auth");
        assertThat(RequestStatus.of(cluster, "jane").certificate()).isEmpty();
        approve("jane");
        eventually()
                .until(() -> !RequestStatus.of(cluster, "jane").certificate().isEmpty());
        X509Certificate certificate = Certificates.readCertificate(
                Base64.getDecoder().decode(RequestStatus.of(cluster, "jane").certificate()));
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("O=dev,CN=jane");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(Duration.between(
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofMinutes(65));
    }

    @Test
    void whatASignerDoesNotGiveFailsWithTheReason() throws Exception {
        create("wrong", "kubernetes.io/kube-apiserver-client", "CN=jane", "server auth");
        approve("wrong");
        eventually()
                .until(() -> RequestStatus.of(cluster, "wrong")
                        .conditions()
                        .contains("Failed SignerValidationFailure usages did not match"));
    }

    @Test
    void aKubeletsOwnClientCertificateIsApprovedByItself() throws Exception {
        create(
                "node",
                "kubernetes.io/kube-apiserver-client-kubelet",
                "O=system:nodes,CN=system:node:one",
                "client auth",
                "digital signature");
        eventually()
                .until(() -> !RequestStatus.of(cluster, "node").certificate().isEmpty());
        assertThat(RequestStatus.of(cluster, "node").conditions())
                .contains("Approved AutoApproved Auto approving kubelet client certificate");
    }

    /** What is known of a request, in short. */
    private record RequestStatus(String certificate, String conditions) {
        static RequestStatus of(TestCluster cluster, String name) {
            var status = cluster.get(CertificateSigningRequest.class, "", name).getStatus();
            var conditions = new StringBuilder();
            if (status == null) {
                return new RequestStatus("", "");
            }
            status.getConditions()
                    .forEach(c -> conditions.append(c.getType() + " " + c.getReason() + " " + c.getMessage() + "\n"));
            return new RequestStatus(
                    status.getCertificate() == null ? "" : status.getCertificate(), conditions.toString());
        }
    }

    private void approve(String name) {
        CertificateSigningRequest request = cluster.get(CertificateSigningRequest.class, "", name);
        cluster.client
                .of(CertificateSigningRequest.class)
                .updateSubresource(
                        new CertificateSigningRequestBuilder(request)
                                .editOrNewStatus()
                                .addToConditions(new CertificateSigningRequestConditionBuilder()
                                        .withType("Approved")
                                        .withStatus("True")
                                        .withReason("ByHand")
                                        .build())
                                .endStatus()
                                .build(),
                        "approval");
    }

    private void create(String name, String signer, String subject, String... usages) throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        var keys = generator.generateKeyPair();
        var request = new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
        var pem = new StringWriter();
        try (var writer = new JcaPEMWriter(pem)) {
            writer.writeObject(request);
        }
        cluster.create(
                CertificateSigningRequest.class,
                new CertificateSigningRequestBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .withRequest(Base64.getEncoder()
                                .encodeToString(pem.toString().getBytes(StandardCharsets.US_ASCII)))
                        .withSignerName(signer)
                        .withUsages(usages)
                        .withExpirationSeconds(3600)
                        .endSpec()
                        .build());
    }
}
