package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.resource.meta.Trees;

/** Who asks for a certificate is who is logged in, whatever the request says. Always on. */
final class CertificateRequester implements AdmissionPlugin {

    private static final String GROUP = "certificates.k8s.io";

    @Override
    public String name() {
        return "CertificateRequester";
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
}
