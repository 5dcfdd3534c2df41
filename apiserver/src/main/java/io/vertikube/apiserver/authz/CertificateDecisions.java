package io.vertikube.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionPlugin;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.Operation;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.ApiErrors;
import org.jspecify.annotations.Nullable;

/**
 * Approving or signing a request for a certificate takes the right to do so for its signer (CertificateApproval and
 * CertificateSigning in the admission controllers' reference). Safe for any thread.
 */
public final class CertificateDecisions implements AdmissionPlugin {

    private static final String GROUP = "certificates.k8s.io";

    private final String name;
    private final String subresource;
    private final String verb;
    private final Authorizer authorizer;

    private CertificateDecisions(String name, String subresource, String verb, Authorizer authorizer) {
        this.name = name;
        this.subresource = subresource;
        this.verb = verb;
        this.authorizer = authorizer;
    }

    public static CertificateDecisions approval(Authorizer authorizer) {
        return new CertificateDecisions("CertificateApproval", "approval", "approve", authorizer);
    }

    public static CertificateDecisions signing(Authorizer authorizer) {
        return new CertificateDecisions("CertificateSigning", "status", "sign", authorizer);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void validate(AdmissionRequest request) {
        @Nullable ObjectNode old = request.oldObject();
        if (old == null
                || request.operation() != Operation.UPDATE
                || !request.isForAnyPartOf(GROUP, "certificatesigningrequests")
                || !request.subresource().equals(subresource)) {
            return;
        }
        if (subresource.equals("status") && !signs(request.requireObject(), old)) {
            return;
        }
        String signer = Trees.text(old, "spec", "signerName");
        String domain = signer.contains("/") ? signer.substring(0, signer.indexOf('/')) : signer;
        if (!may(request, signer) && !may(request, domain + "/*")) {
            throw ApiErrors.forbidden(
                    request.type().gvr(),
                    request.name(),
                    "user not permitted to " + verb + " requests with signerName \"" + signer + "\"");
        }
    }

    private static boolean signs(JsonNode now, JsonNode old) {
        return !Trees.same(now.path("status"), old.path("status"), "certificate")
                || !Trees.same(now.path("status"), old.path("status"), "conditions");
    }

    private boolean may(AdmissionRequest request, String signer) {
        return authorizer
                .authorize(Attributes.resource(request.user(), verb, GROUP, "*", "signers", "", signer))
                .allowed();
    }
}
