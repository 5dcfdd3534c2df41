package io.vertikube.controller.certificate;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Removal;
import io.vertikube.object.ObjectKey;
import io.vertikube.service.Certificates;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/** Removes one request when nobody needs it any more. Keys are requests. */
public final class CleaningReconciler implements Reconciler {
    private static final Duration DECIDED_LIFE = Duration.ofHours(1);
    private static final Duration PENDING_LIFE = Duration.ofHours(24);

    private final Informer<CertificateSigningRequest> requests;
    private final TypedClient<CertificateSigningRequest> client;
    private final InstantSource clock;

    CleaningReconciler(ControllerContext context) {
        this.requests = context.informer(CertificateSigningRequest.class);
        this.client = context.client().of(CertificateSigningRequest.class);
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        return RequestQueue.of(
                context, "certificatesigningrequest-cleaner-controller", workers, new CleaningReconciler(context));
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<CertificateSigningRequest> found = requests.get(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        Duration left = Duration.between(clock.instant(), end(found.get()));
        if (left.isPositive()) {
            return Outcome.again(left);
        }
        Removal.of(client, found.get());
        return Outcome.done();
    }

    /**
     * An hour after it was decided; a day after it was made, if it never was or nobody said when; and in any case when the
     * certificate that was issued has expired.
     */
    static Instant end(CertificateSigningRequest request) {
        Instant byAge = RequestConditions.find(request, RequestConditions.APPROVED)
                .or(() -> RequestConditions.find(request, RequestConditions.DENIED))
                .or(() -> RequestConditions.find(request, RequestConditions.FAILED))
                .map(condition -> Fields.instant(condition.getLastUpdateTime()))
                .filter(decided -> !decided.equals(Instant.EPOCH))
                .map(decided -> decided.plus(DECIDED_LIFE))
                .orElseGet(() -> Fields.instant(request.getMetadata().getCreationTimestamp())
                        .plus(PENDING_LIFE));
        return expiry(request).filter(byAge::isAfter).orElse(byAge);
    }

    private static Optional<Instant> expiry(CertificateSigningRequest request) {
        String issued = request.getStatus() == null
                ? ""
                : Fields.text(request.getStatus().getCertificate());
        if (issued.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Certificates.readCertificate(Base64.getDecoder().decode(issued))
                    .getNotAfter()
                    .toInstant());
        } catch (GeneralSecurityException | IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}
