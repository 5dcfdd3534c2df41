package io.vertikube.apiserver.resource.certificates;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import java.util.List;

/** The rules of certificate signing requests: who asks is who is logged in, and what is asked never changes. Pure. */
public final class CertificateRequestStrategy implements Strategy {

    @Override
    public void applyDefaults(ObjectNode request) {
        Trees.find(request, "spec").ifPresent(spec -> {
            if (spec.path("usages").isEmpty()) {
                spec.putArray("usages").add("digital signature").add("key encipherment");
            }
        });
    }

    @Override
    public void prepareForCreate(ObjectNode request) {
        request.putObject("status");
    }

    @Override
    public void prepareForUpdate(ObjectNode request, ObjectNode old) {
        Trees.keep(request, old, "spec");
    }

    @Override
    public List<FieldError> validate(ObjectNode request) {
        var problems = new Problems();
        Place spec = Place.root(request).get("spec");
        Place signer = spec.get("signerName");
        if (problems.require(signer, "") && !signer.text().contains("/")) {
            problems.invalid(signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
        }
        if (spec.get("request").empty()) {
            problems.invalid(spec.get("request"), "PEM block type must be CERTIFICATE REQUEST");
        }
        if (spec.get("usages").empty()) {
            problems.required(spec.get("usages"), "usages must contain at least one value");
        }
        Place seconds = spec.get("expirationSeconds");
        if (seconds.present() && seconds.number(0) < 600) {
            problems.invalid(seconds, "may not specify a duration less than 600 seconds (10 minutes)");
        }
        return problems.list();
    }

    @Override
    public List<String> selectableFields() {
        return List.of("spec.signerName");
    }
}
