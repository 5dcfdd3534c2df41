package io.vertikube.apiserver.resource.networking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Cidr;
import io.vertikube.value.Names;
import java.util.List;

/** The rules of ingresses. Pure. */
public final class IngressStrategy implements Strategy {

    private static final List<String> PATH_TYPES = List.of("Exact", "ImplementationSpecific", "Prefix");

    @Override
    public void prepareForCreate(ObjectNode ingress) {
        ingress.putObject("status").putObject("loadBalancer");
    }

    @Override
    public List<FieldError> validate(ObjectNode ingress) {
        var problems = new Problems();
        Place spec = Place.root(ingress).get("spec");
        if (spec.get("rules").empty() && !spec.has("defaultBackend")) {
            problems.invalid(spec, "either `defaultBackend` or `rules` must be specified");
        }
        if (spec.has("defaultBackend")) {
            backend(spec.get("defaultBackend"), problems);
        }
        for (Place rule : spec.items("rules")) {
            rule(rule, problems);
        }
        for (Place tls : spec.items("tls")) {
            for (Place host : tls.items("hosts")) {
                host(host, problems);
            }
        }
        problems.checkIfAny(spec.get("ingressClassName"), Names::dnsSubdomain);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode ingress, ObjectNode old) {
        return validate(ingress);
    }

    private static void rule(Place rule, Problems problems) {
        Place host = rule.get("host");
        if (!host.empty()) {
            if (Cidr.isAddress(host.text())) {
                problems.invalid(host, "must be a DNS name, not an IP address");
            }
            host(host, problems);
        }
        if (!rule.has("http")) {
            return;
        }
        Place paths = rule.get("http", "paths");
        if (paths.empty()) {
            problems.required(paths);
        }
        for (Place path : paths.items()) {
            Place type = path.get("pathType");
            Place value = path.get("path");
            if (problems.require(type, "pathType must be specified")) {
                problems.supported(type, PATH_TYPES);
                boolean optional = type.text().equals("ImplementationSpecific")
                        && value.text().isEmpty();
                if (!value.text().startsWith("/") && !optional) {
                    problems.invalid(value, "must be an absolute path");
                }
                if (!type.text().equals("ImplementationSpecific")) {
                    for (String part : List.of("//", "/./", "/../", "%2f", "%2F")) {
                        if (value.text().contains(part)) {
                            problems.invalid(value, "must not contain '" + part + "'");
                        }
                    }
                }
            }
            backend(path.get("backend"), problems);
        }
    }

    private static void host(Place host, Problems problems) {
        problems.invalid(
                host,
                host.text().contains("*") ? Names.wildcardSubdomain(host.text()) : Names.dnsSubdomain(host.text()));
    }

    private static void backend(Place backend, Problems problems) {
        boolean service = backend.has("service");
        if (backend.has("resource") && service) {
            problems.invalid(backend, "cannot set both resource and service backends");
        } else if (!backend.has("resource") && !service) {
            problems.required(backend, "resource or service backend is required");
        } else if (service) {
            Place name = backend.get("service", "name");
            if (problems.require(name, "")) {
                problems.check(name, Names::dns1035);
            }
            Place port = backend.get("service", "port");
            boolean named = !port.get("name").empty();
            boolean numbered = port.number("number", 0) != 0;
            if (named && numbered) {
                problems.invalid(port, "cannot set both port name & port number");
            } else if (named) {
                problems.check(port.get("name"), Names::portName);
            } else if (numbered) {
                problems.port(port.get("number"));
            } else {
                problems.required(port, "port name or number is required");
            }
        }
    }
}
