package io.vertikube.controller.certificate;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestCondition;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestConditionBuilder;
import io.vertikube.controller.workload.Fields;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What has been decided about a request. Pure. */
final class RequestConditions {
    static final String APPROVED = "Approved";
    static final String DENIED = "Denied";
    static final String FAILED = "Failed";

    private RequestConditions() {}

    static boolean holds(CertificateSigningRequest request, String type) {
        return find(request, type).isPresent();
    }

    static Optional<CertificateSigningRequestCondition> find(CertificateSigningRequest request, String type) {
        return of(request).stream().filter(c -> type.equals(c.getType())).findFirst();
    }

    static boolean issued(CertificateSigningRequest request) {
        return request.getStatus() != null
                && !Fields.text(request.getStatus().getCertificate()).isEmpty();
    }

    /** The request with one more condition. */
    static CertificateSigningRequest with(
            CertificateSigningRequest request, String type, String reason, String message, Instant now) {
        return new CertificateSigningRequestBuilder(request)
                .editOrNewStatus()
                .addToConditions(new CertificateSigningRequestConditionBuilder()
                        .withType(type)
                        .withStatus("True")
                        .withReason(reason)
                        .withMessage(message)
                        .withLastUpdateTime(Fields.time(now))
                        .withLastTransitionTime(Fields.time(now))
                        .build())
                .endStatus()
                .build();
    }

    private static List<CertificateSigningRequestCondition> of(CertificateSigningRequest request) {
        return Fields.list(
                request.getStatus() == null ? null : request.getStatus().getConditions());
    }
}
