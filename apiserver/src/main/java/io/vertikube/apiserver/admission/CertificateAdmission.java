package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.ApiErrors;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Who asks for a certificate is who is logged in, whatever the request says; and nobody gets one into the superuser
 * group this way (CertificateSubjectRestriction).
 */
final class CertificateAdmission implements AdmissionPlugin {

    private static final String GROUP = "certificates.k8s.io";
    private static final String CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";

    @Override
    public String name() {
        return "CertificateSubjectRestriction";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.isFor(GROUP, "certificatesigningrequests")) {
            return;
        }
        UserInfo user = request.user();
        ObjectNode spec = Trees.object(request.requireObject(), "spec");
        spec.put("username", user.name());
        spec.set("groups", Trees.arrayOf(user.groups()));
        spec.remove("uid");
        spec.remove("extra");
        if (!user.uid().isEmpty()) {
            spec.put("uid", user.uid());
        }
        if (!user.extra().isEmpty()) {
            ObjectNode extra = spec.putObject("extra");
            user.extra().forEach((key, values) -> extra.set(key, Trees.arrayOf(values)));
        }
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
