package io.vertikube.apiserver.resource.networking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Cidr;
import io.vertikube.value.Names;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of ingresses. Pure. */
public final class IngressStrategy implements Strategy {

    private static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";
    private static final List<String> PATH_TYPES = List.of("Exact", "ImplementationSpecific", "Prefix");

    @Override
    public void prepareForCreate(ObjectNode ingress) {
        ingress.putObject("status").putObject("loadBalancer");
    }

    @Override
    public List<FieldError> validate(ObjectNode ingress) {
        var problems = new Problems();
        Place annotation = Place.root(ingress).get("metadata", "annotations").get(CLASS_ANNOTATION);
        problems.addAll(rules(ingress));
        if (annotation.present() && Place.root(ingress).get("spec").has("ingressClassName")) {
            problems.invalid(
                    annotation.at("annotations." + CLASS_ANNOTATION),
                    "can not be set when the class field is also set");
        }
        return problems.list();
    }

    private static List<FieldError> rules(ObjectNode ingress) {
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
            problems.checkIfAny(tls.get("secretName"), Names::dnsSubdomain);
        }
        problems.checkIfAny(spec.get("ingressClassName"), Names::dnsSubdomain);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode ingress, ObjectNode old) {
        return rules(ingress);
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode ingress, ObjectNode old) {
        var problems = new Problems();
        for (Place point : Place.root(ingress).get("status", "loadBalancer").items("ingress")) {
            if (!point.get("ip").empty()) {
                CommonRules.address(point.get("ip"), problems);
            }
            Place hostname = point.get("hostname");
            if (!hostname.empty()) {
                problems.check(hostname, Names::dnsSubdomain);
                if (Cidr.isAddress(hostname.text())) {
                    problems.invalid(hostname, "must be a DNS name, not an IP address");
                }
            }
        }
        return problems.list();
    }

    @Override
    public List<String> warnings(ObjectNode ingress, @Nullable ObjectNode old) {
        boolean annotated = Trees.at(ingress, "metadata", "annotations").has(CLASS_ANNOTATION);
        return annotated && old == null
                ? List.of("annotation \"" + CLASS_ANNOTATION
                        + "\" is deprecated, please use 'spec.ingressClassName' instead")
                : List.of();
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
                    for (String end : List.of("/..", "/.")) {
                        if (value.text().endsWith(end)) {
                            problems.invalid(value, "cannot end with '" + end + "'");
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
        } else if (!service) {
            CommonRules.typedReference(backend.get("resource"), problems);
        } else {
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
