package io.vertikube.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.admission.match.Conditions;
import io.vertikube.apiserver.admission.match.Criteria;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.cel.Expression;
import io.vertikube.apiserver.cel.RequestScope;
import io.vertikube.apiserver.cel.RequestScope.Result;
import io.vertikube.apiserver.openapi.Once;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.Gvk;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A policy, read once; its expressions are compiled when the first write comes that it is about. Immutable to the eye,
 * safe for any thread.
 *
 * @param paramKind what its parameters are; empty if it has none
 * @param body what validating and mutating policies have in common
 */
record Policy(String name, JsonNode spec, Criteria criteria, Optional<Gvk> paramKind, Supplier<Body> body) {

    /**
     * @param variables the policy's own, those that compile
     * @param scope what its other expressions may speak of
     */
    record Body(Conditions conditions, Map<String, Expression> variables, RequestScope scope) {

        Compiled compile(JsonNode text, Result wanted) {
            return Compiled.of(text.asText().strip(), wanted, scope);
        }
    }

    static Policy of(StoredObject stored, Supplier<CelEngine> engine) {
        JsonNode spec = stored.tree().path("spec");
        JsonNode kind = spec.path("paramKind");
        Optional<Gvk> paramKind = kind.isObject()
                ? Optional.of(kindOf(
                        kind.path("apiVersion").asText(), kind.path("kind").asText()))
                : Optional.empty();
        return new Policy(
                stored.name(),
                spec,
                Criteria.ofPolicy(spec.path("matchConstraints")),
                paramKind,
                new Once<>(() -> body(spec, RequestScope.ofPolicy(engine.get(), paramKind.isPresent()))));
    }

    static Gvk kindOf(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return slash < 0
                ? new Gvk("", apiVersion, kind)
                : new Gvk(apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
    }

    private static Body body(JsonNode spec, RequestScope plain) {
        RequestScope scope = plain;
        Map<String, Expression> variables = new LinkedHashMap<>();
        for (JsonNode variable : spec.path("variables")) {
            Compiled compiled = Compiled.of(variable.path("expression").asText(), Result.ANY, scope);
            if (compiled.expression().isPresent()) {
                Expression expression = compiled.expression().get();
                variables.put(variable.path("name").asText(), expression);
                scope = scope.with(variable.path("name").asText(), expression.type());
            }
        }
        return new Body(Conditions.of(spec.path("matchConditions"), () -> plain), variables, scope);
    }

    boolean ignoresFailures() {
        return spec.path("failurePolicy").asText().equals("Ignore");
    }
}
