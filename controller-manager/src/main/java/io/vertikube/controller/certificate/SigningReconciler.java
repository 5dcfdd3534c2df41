package io.vertikube.controller.certificate;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Signs one approved request, or says why it does not. Keys are requests. */
public final class SigningReconciler implements Reconciler {
    private static final Duration SHORTEST = Duration.ofMinutes(10);

    private final Informer<CertificateSigningRequest> requests;
    private final TypedClient<CertificateSigningRequest> client;
    private final SigningAuthority authority;
    private final Duration longest;
    private final InstantSource clock;

    SigningReconciler(ControllerContext context, SigningAuthority authority, Duration longest) {
        this.requests = context.informer(CertificateSigningRequest.class);
        this.client = context.client().of(CertificateSigningRequest.class);
        this.authority = authority;
        this.longest = longest;
        this.clock = context.clock();
    }

    /**
     * Signs with an authority.
     *
     * @param longest how long a certificate is valid, where its request asks for nothing shorter
     * @throws IllegalArgumentException if the PEM texts are no authority
     */
    public static ManagedController controller(
            ControllerContext context, int workers, byte[] certificatePem, byte[] keyPem, Duration longest) {
        var reconciler = new SigningReconciler(context, new SigningAuthority(certificatePem, keyPem), longest);
        return RequestQueue.of(context, "certificatesigningrequest-signing-controller", workers, reconciler);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<CertificateSigningRequest> found = requests.get(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        CertificateSigningRequest request = found.get();
        Optional<Signer> signer = Signer.named(request.getSpec().getSignerName());
        boolean ready = RequestConditions.holds(request, RequestConditions.APPROVED)
                && !RequestConditions.holds(request, RequestConditions.DENIED)
                && !RequestConditions.holds(request, RequestConditions.FAILED)
                && !RequestConditions.issued(request);
        if (signer.isPresent() && ready) {
            client.updateStatus(decided(request, signer.get()));
        }
        return Outcome.done();
    }

    private CertificateSigningRequest decided(CertificateSigningRequest request, Signer signer) {
        List<String> usages = Fields.list(request.getSpec().getUsages());
        String problem;
        try {
            RequestedCertificate requested =
                    RequestedCertificate.read(request.getSpec().getRequest());
            Optional<String> refused = signer.problem(requested, usages);
            if (refused.isEmpty()) {
                byte[] certificate = authority.sign(requested, usages, life(request), clock.instant());
                return new CertificateSigningRequestBuilder(request)
                        .editOrNewStatus()
                        .withCertificate(Base64.getEncoder().encodeToString(certificate))
                        .endStatus()
                        .build();
            }
            problem = refused.get();
        } catch (IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());
        }
        return RequestConditions.with(
                request, RequestConditions.FAILED, "SignerValidationFailure", problem, clock.instant());
    }

    private Duration life(CertificateSigningRequest request) {
        Integer seconds = request.getSpec().getExpirationSeconds();
        Duration wanted = seconds == null ? longest : Duration.ofSeconds(seconds);
        Duration atLeast = wanted.compareTo(SHORTEST) < 0 ? SHORTEST : wanted;
        return atLeast.compareTo(longest) > 0 ? longest : atLeast;
    }
}
