package io.vertikube.controller.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.vertikube.service.Certificates;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CleaningReconcilerTest {
    private final byte[] certificate =
            Certificates.create("tests", InstantSource.system()).authority().certificate();

    /** All in minutes before the certificate expires: when the request was made, when decided, and when it goes. */
    @ParameterizedTest(name = "{0} at {2}, issued {3}: goes at {4}")
    @CsvSource({
        "Approved, 200, 120, true, 60",
        "Approved, 200, 10, true, 0",
        "Approved, 200, 120, false, 60",
        "Denied, 200, 120, false, 60",
        "Failed, 200, 120, false, 60",
        "Other, 2000, 120, false, 560"
    })
    void aRequestGoesWhenNobodyNeedsItAnyMore(String decision, int made, int decided, boolean issued, int goes)
            throws GeneralSecurityException, IOException {
        Instant expires =
                Certificates.readCertificate(certificate).getNotAfter().toInstant();
        var request = new CertificateSigningRequestBuilder()
                .withNewMetadata()
                .withName("jane")
                .withCreationTimestamp(expires.minus(Duration.ofMinutes(made)).toString())
                .endMetadata()
                .withNewStatus()
                .withCertificate(issued ? Base64.getEncoder().encodeToString(certificate) : null)
                .addNewCondition()
                .withType(decision)
                .withStatus("True")
                .withLastUpdateTime(expires.minus(Duration.ofMinutes(decided)).toString())
                .endCondition()
                .endStatus()
                .build();
        assertThat(CleaningReconciler.end(request)).isEqualTo(expires.minus(Duration.ofMinutes(goes)));
    }
}
