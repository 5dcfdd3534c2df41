package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.ApiErrors;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Nobody gets a client certificate of the superuser group by asking for one. */
final class CertificateSubjectRestriction implements AdmissionPlugin {

    private static final String GROUP = "certificates.k8s.io";
    private static final String CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";

    @Override
    public String name() {
        return "CertificateSubjectRestriction";
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.isFor(GROUP, "certificatesigningrequests")) {
            return;
        }
        JsonNode spec = request.requireObject().path("spec");
        boolean client = spec.path("signerName").asText().equals(CLIENT_SIGNER);
        if (client && asksForSuperusers(spec.path("request").asText(""))) {
            throw ApiErrors.forbidden(
                    request.type().gvr(),
                    request.name(),
                    "use of " + CLIENT_SIGNER + " signer with system:masters group is not allowed");
        }
    }

    /** A subject is written in its bytes as it reads, so the group can be looked for there. */
    private static boolean asksForSuperusers(String base64Pem) {
        try {
            String pem = new String(Base64.getDecoder().decode(base64Pem), StandardCharsets.US_ASCII);
            byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
            return new String(der, StandardCharsets.ISO_8859_1).contains("system:masters");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
