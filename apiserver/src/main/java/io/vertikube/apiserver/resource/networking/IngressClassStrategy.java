package io.vertikube.apiserver.resource.networking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;

/** The rules of ingress classes, whose controller never changes. Pure. */
public final class IngressClassStrategy implements Strategy {

    private static final int MAX_CONTROLLER = 250;

    @Override
    public List<FieldError> validate(ObjectNode ingressClass) {
        var problems = new Problems();
        Place spec = Place.root(ingressClass).get("spec");
        CommonRules.maxBytes(spec.get("controller"), MAX_CONTROLLER, problems);
        CommonRules.domainPath(spec.get("controller"), problems);
        if (spec.has("parameters")) {
            parameters(spec.get("parameters"), problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode ingressClass, ObjectNode old) {
        var problems = new Problems();
        problems.immutable(
                Place.root(ingressClass).get("spec", "controller"),
                Place.root(old).get("spec", "controller"));
        problems.addAll(validate(ingressClass));
        return problems.list();
    }

    private static void parameters(Place parameters, Problems problems) {
        CommonRules.typedReference(parameters, problems);
        Place scope = parameters.get("scope");
        Place namespace = parameters.get("namespace");
        if (!problems.require(scope, "")) {
            return;
        }
        switch (scope.text()) {
            case "Cluster" -> {
                if (namespace.present()) {
                    problems.forbidden(namespace, "`parameters.scope` is set to 'Cluster'");
                }
            }
            case "Namespace" -> {
                if (!namespace.present()) {
                    problems.required(namespace, "`parameters.scope` is set to 'Namespace'");
                } else {
                    problems.check(namespace, Names::dnsLabel);
                }
            }
            default -> problems.supported(scope, List.of("Cluster", "Namespace"));
        }
    }
}
