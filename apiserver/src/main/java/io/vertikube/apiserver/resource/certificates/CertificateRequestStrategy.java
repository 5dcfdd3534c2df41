package io.vertikube.apiserver.resource.certificates;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The rules of certificate signing requests: who asks is who is logged in, and what is asked never changes. Pure. */
public final class CertificateRequestStrategy implements Strategy {

    private static final String SHOWN = "<certificate data>";
    private static final String LEGACY_SIGNER = "kubernetes.io/legacy-unknown";
    private static final List<String> DECISIONS = List.of("Approved", "Denied", "Failed");
    private static final List<String> USAGES = List.of(
            "any",
            "cert sign",
            "client auth",
            "code signing",
            "content commitment",
            "crl sign",
            "data encipherment",
            "decipher only",
            "digital signature",
            "email protection",
            "encipher only",
            "ipsec end system",
            "ipsec tunnel",
            "ipsec user",
            "key agreement",
            "key encipherment",
            "microsoft sgc",
            "netscape sgc",
            "ocsp signing",
            "s/mime",
            "server auth",
            "signing",
            "timestamping");

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
        if (problems.require(signer, "")) {
            signer(signer, problems);
            if (signer.text().equals(LEGACY_SIGNER)) {
                problems.invalid(signer, "the legacy signerName is not allowed via this API version");
            }
        }
        request(spec.get("request"), problems);
        if (spec.get("usages").empty()) {
            problems.required(spec.get("usages"), "usages must contain at least one value");
        }
        spec.items("usages").forEach(usage -> problems.supported(usage, USAGES));
        problems.unique(spec.items("usages"));
        Place seconds = spec.get("expirationSeconds");
        if (seconds.present() && seconds.number(0) < 600) {
            problems.invalid(seconds, "may not specify a duration less than 600 seconds (10 minutes)");
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode request, ObjectNode old) {
        return decisions(request, old, "");
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode request, ObjectNode old) {
        return decisions(request, old, "status");
    }

    @Override
    public List<FieldError> validatePartUpdate(String subresource, ObjectNode request, ObjectNode old) {
        return decisions(request, old, subresource);
    }

    /** Approval, denial and failure are said once, each by its own path, and never taken back. */
    private static List<FieldError> decisions(ObjectNode request, ObjectNode old, String subresource) {
        var problems = new Problems();
        Place status = Place.root(request).get("status");
        Place before = Place.root(old).get("status");
        for (Place condition : status.items("conditions")) {
            problems.require(condition.get("type"), "");
            Place value = condition.get("status");
            boolean decision = DECISIONS.contains(condition.text("type"));
            if (problems.require(value, "")) {
                problems.supported(value, decision ? List.of("True") : List.of("False", "True", "Unknown"));
            }
        }
        problems.unique(
                status.items("conditions").stream().map(c -> c.get("type")).toList());
        List<String> now = types(status);
        if (now.contains("Approved") && now.contains("Denied")) {
            Place second = status.items("conditions").get(Math.max(now.indexOf("Approved"), now.indexOf("Denied")));
            problems.invalid(second.get("type"), "Approved and Denied conditions are mutually exclusive");
        }
        Place conditions = status.get("conditions");
        for (String type : DECISIONS) {
            boolean had = types(before).contains(type);
            boolean has = now.contains(type);
            boolean mayAdd = type.equals("Failed") ? subresource.equals("status") : subresource.equals("approval");
            if (had && !has) {
                problems.forbidden(conditions, "updates may not remove a condition of type \"" + type + "\"");
            } else if (!had && has && !mayAdd) {
                problems.forbidden(conditions, "updates may not add a condition of type \"" + type + "\"");
            }
        }
        boolean issued = !before.get("certificate").empty();
        boolean changed = !before.text("certificate").equals(status.text("certificate"));
        if (changed && issued) {
            problems.forbidden(status.get("certificate"), "updates may not modify existing certificate content");
        } else if (changed && !subresource.equals("status")) {
            problems.forbidden(status.get("certificate"), "updates may not set certificate content");
        } else if (changed) {
            certificate(status.get("certificate"), problems);
        }
        return problems.list();
    }

    private static List<String> types(Place status) {
        return status.items("conditions").stream().map(c -> c.text("type")).toList();
    }

    private static void signer(Place signer, Problems problems) {
        String[] parts = signer.text().split("/", -1);
        if (parts.length != 2) {
            problems.invalid(signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }
        for (String label : parts[0].split("\\.", -1)) {
            for (String sentence : Names.dnsLabel(label)) {
                problems.invalid(signer, "validating label \"" + label + "\": " + sentence);
            }
        }
        if (!parts[0].contains(".")) {
            problems.invalid(signer, "should be a domain with at least two segments separated by dots");
        }
        for (String label : parts[1].split("\\.", -1)) {
            for (String sentence : Names.dnsSubdomain(label)) {
                problems.invalid(signer, "validating label \"" + label + "\": " + sentence);
            }
        }
    }

    /** PEM in base64, certificates and words around them. */
    private static void certificate(Place certificate, Problems problems) {
        List<PemBlock> blocks = PemBlock.in(decoded(certificate));
        String field = certificate.path();
        if (blocks.isEmpty()) {
            problems.add(FieldError.invalid(field, SHOWN, "must contain at least one CERTIFICATE PEM block"));
        }
        for (PemBlock block : blocks) {
            if (!block.label().equals("CERTIFICATE")) {
                problems.add(FieldError.invalid(
                        field, SHOWN, "only CERTIFICATE PEM blocks are allowed, found \"" + block.label() + "\""));
            } else if (block.hasHeaders()) {
                problems.add(FieldError.invalid(field, SHOWN, "no PEM block headers are permitted"));
            } else {
                Encodings.wrongCertificates(block.content())
                        .ifPresent(why -> problems.add(FieldError.invalid(field, SHOWN, why)));
            }
        }
    }

    private static String decoded(Place text) {
        try {
            return new String(Base64.getDecoder().decode(text.text()), StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** PEM in base64, with a PKCS #10 request in its first block. */
    private static void request(Place request, Problems problems) {
        List<PemBlock> blocks = PemBlock.in(decoded(request));
        if (blocks.isEmpty() || !blocks.getFirst().label().equals("CERTIFICATE REQUEST")) {
            problems.invalid(request, "PEM block type must be CERTIFICATE REQUEST");
        } else {
            Encodings.wrongRequest(blocks.getFirst().content()).ifPresent(why -> problems.invalid(request, why));
        }
    }

    @Override
    public List<String> selectableFields() {
        return List.of("spec.signerName");
    }
}
