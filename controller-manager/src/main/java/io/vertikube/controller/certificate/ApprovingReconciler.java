package io.vertikube.controller.certificate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import java.time.InstantSource;
import java.util.Optional;

/** Approves the client certificate of a kubelet, if whoever asks for it may. Keys are requests. */
public final class ApprovingReconciler implements Reconciler {
    private final Informer<CertificateSigningRequest> requests;
    private final TypedClient<CertificateSigningRequest> client;
    private final ApiClient api;
    private final InstantSource clock;

    ApprovingReconciler(ControllerContext context) {
        this.requests = context.informer(CertificateSigningRequest.class);
        this.client = context.client().of(CertificateSigningRequest.class);
        this.api = context.client();
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        return RequestQueue.of(
                context, "certificatesigningrequest-approving-controller", workers, new ApprovingReconciler(context));
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<CertificateSigningRequest> found = requests.get(key);
        if (found.isEmpty() || decided(found.get())) {
            return Outcome.done();
        }
        CertificateSigningRequest request = found.get();
        if (Signer.named(request.getSpec().getSignerName())
                .filter(s -> s == Signer.KUBELET_CLIENT)
                .isEmpty()) {
            return Outcome.done();
        }
        RequestedCertificate requested;
        try {
            requested = RequestedCertificate.read(request.getSpec().getRequest());
        } catch (IllegalArgumentException e) {
            return Outcome.done();
        }
        if (Signer.KUBELET_CLIENT
                .problem(requested, Fields.list(request.getSpec().getUsages()))
                .isPresent()) {
            return Outcome.done();
        }
        boolean itself = requested.commonName().equals(request.getSpec().getUsername());
        if (itself && may(request, "selfnodeclient")) {
            approve(request, "Auto approving self kubelet client certificate after SubjectAccessReview.");
        } else if (may(request, "nodeclient")) {
            approve(request, "Auto approving kubelet client certificate after SubjectAccessReview.");
        }
        return Outcome.done();
    }

    private static boolean decided(CertificateSigningRequest request) {
        return RequestConditions.issued(request)
                || RequestConditions.holds(request, RequestConditions.APPROVED)
                || RequestConditions.holds(request, RequestConditions.DENIED);
    }

    private void approve(CertificateSigningRequest request, String message) {
        client.updateSubresource(
                RequestConditions.with(request, RequestConditions.APPROVED, "AutoApproved", message, clock.instant()),
                "approval");
    }

    /** Asks the API server whether the requester may have such certificates. */
    private boolean may(CertificateSigningRequest request, String subresource) {
        ObjectNode review = Json.object();
        review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
        ObjectNode spec = review.putObject("spec");
        spec.put("user", request.getSpec().getUsername());
        spec.put("uid", Fields.text(request.getSpec().getUid()));
        spec.set(
                "groups",
                Json.mapper().valueToTree(Fields.list(request.getSpec().getGroups())));
        spec.set("extra", Json.mapper().valueToTree(Fields.map(request.getSpec().getExtra())));
        spec.putObject("resourceAttributes")
                .put("group", "certificates.k8s.io")
                .put("version", "v1")
                .put("resource", "certificatesigningrequests")
                .put("subresource", subresource)
                .put("verb", "create");
        byte[] answer = api.raw(
                "POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", "application/json", Json.bytes(review));
        return Json.tree(answer).path("status").path("allowed").asBoolean(false);
    }
}
