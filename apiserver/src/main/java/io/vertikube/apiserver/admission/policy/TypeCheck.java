package io.vertikube.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.cel.DeclaredTypes;
import io.vertikube.apiserver.cel.Expression;
import io.vertikube.apiserver.cel.RequestScope;
import io.vertikube.apiserver.cel.RequestScope.Result;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.apiserver.schema.Schemas;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvk;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What would not fit if expressions of a policy knew the types of the objects that it is about ("Type checking" in the
 * documentation): warnings, since objects are judged as they are. Pure functions.
 */
final class TypeCheck {

    /** How many kinds are looked at; a policy that is about more is checked against the first. */
    private static final int MOST_KINDS = 10;

    private TypeCheck() {}

    /** {@code status.typeChecking.expressionWarnings}. */
    static ArrayNode warnings(JsonNode spec, Catalog catalog, Schemas schemas, CelEngine engine) {
        Map<String, StringBuilder> byField = new LinkedHashMap<>();
        Optional<Gvk> paramKind = spec.path("paramKind").isObject()
                ? Optional.of(Policy.kindOf(
                        Trees.text(spec, "paramKind", "apiVersion"), Trees.text(spec, "paramKind", "kind")))
                : Optional.empty();
        for (ResourceType type : types(spec.path("matchConstraints"), catalog)) {
            Optional<Schema> schema = schemas.of(type.gvk());
            if (schema.isPresent()) {
                var declared = new DeclaredTypes();
                CelType object = declared.of(schema.get(), type.kind());
                Optional<CelType> params = paramKind.flatMap(schemas::of).map(s -> declared.of(s, "params"));
                RequestScope scope = RequestScope.ofPolicy(engine, paramKind.isPresent())
                        .about(Optional.of(object), params, declared);
                check(spec, scope, type.apiVersion() + ", Kind=" + type.kind(), byField);
            }
        }
        ArrayNode warnings = JsonNodeFactory.instance.arrayNode();
        byField.forEach(
                (field, text) -> warnings.addObject().put("fieldRef", field).put("warning", text.toString()));
        return warnings;
    }

    /** The kinds that the rules name; what they say with an asterisk is not looked at. */
    private static Set<ResourceType> types(JsonNode constraints, Catalog catalog) {
        Set<ResourceType> types = new LinkedHashSet<>();
        for (JsonNode rule : constraints.path("resourceRules")) {
            for (JsonNode group : rule.path("apiGroups")) {
                for (JsonNode version : rule.path("apiVersions")) {
                    for (JsonNode resource : rule.path("resources")) {
                        catalog.byResource(group.asText(), version.asText(), resource.asText())
                                .filter(type -> types.size() < MOST_KINDS)
                                .ifPresent(types::add);
                    }
                }
            }
        }
        return types;
    }

    private static void check(JsonNode spec, RequestScope plain, String kind, Map<String, StringBuilder> byField) {
        RequestScope scope = plain;
        for (JsonNode variable : spec.path("variables")) {
            scope = scope.with(variable.path("name").asText(), type(variable.path("expression"), scope));
        }
        int index = 0;
        for (JsonNode validation : spec.path("validations")) {
            for (String field : new String[] {"expression", "messageExpression"}) {
                String text = validation.path(field).asText().strip();
                String wrong = text.isEmpty() ? "" : wrong(text, scope);
                if (!wrong.isEmpty()) {
                    StringBuilder warning = byField.computeIfAbsent(
                            "spec.validations[" + index + "]." + field, f -> new StringBuilder());
                    warning.append(warning.isEmpty() ? "" : "\n")
                            .append(kind)
                            .append(": ")
                            .append(wrong);
                }
            }
            index++;
        }
    }

    private static CelType type(JsonNode expression, RequestScope scope) {
        try {
            Expression compiled = scope.compile(expression.asText(), Result.ANY);
            return compiled.type();
        } catch (CelEngine.Invalid e) {
            return SimpleType.DYN;
        }
    }

    private static String wrong(String text, RequestScope scope) {
        try {
            scope.compile(text, Result.ANY);
            return "";
        } catch (CelEngine.Invalid e) {
            return String.valueOf(e.getMessage()).replaceFirst("^compilation failed: ", "");
        }
    }
}
