package io.vertikube.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.format.Path;
import io.vertikube.object.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the rules of a schema when it is defined: types, forms, and what they could cost. Confined to one
 * check.
 */
public final class RuleProblems {

    private static final String ADVICE =
            " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and"
                    + " strings are declared)";
    private static final List<String> REASONS =
            List.of("FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate");

    private final CelEngine engine;
    private final CelLimits limits;
    private final List<FieldError> errors;
    private final List<Path> costly = new ArrayList<>();
    private double total;

    private RuleProblems(CelEngine engine, List<FieldError> errors) {
        this.engine = engine;
        this.limits = engine.limits();
        this.errors = errors;
    }

    /** How often a schema's values can stand in one object. */
    private record Occurrence(
            double most, boolean bounded, @Nullable Path uncorrelated) {

        Occurrence in(CelSchema container, CelSchema element, Path path, CelLimits limits) {
            boolean keeps = bounded && container.bound >= 0;
            double times =
                    keeps ? most * container.bound : limits.requestBytes() / (double) Math.max(1, element.smallest);
            boolean followed = container.kind == CelSchema.Kind.MAP || container.listType.equals("map");
            return new Occurrence(times, keeps, uncorrelated != null || followed ? uncorrelated : path);
        }
    }

    public static void check(JsonNode schema, Path path, CelEngine engine, List<FieldError> errors) {
        var problems = new RuleProblems(engine, errors);
        CelSchema.ofRoot(schema).ifPresent(type -> problems.node(schema, type, path, new Occurrence(1, true, null)));
        if (problems.total > problems.limits.perDefinition()) {
            problems.costly.forEach(rule -> errors.add(FieldError.forbidden(
                    rule.name(),
                    "contributed to estimated rule & messageExpression cost total exceeding cost limit for entire"
                            + " OpenAPIv3 schema")));
            errors.add(FieldError.forbidden(
                    path.name(),
                    exceeded(
                            "x-kubernetes-validations estimated rule & messageExpression cost total for entire"
                                    + " OpenAPIv3 schema",
                            problems.total / problems.limits.perDefinition())));
        }
    }

    private void node(JsonNode schema, CelSchema type, Path path, Occurrence occurrence) {
        JsonNode rules = schema.path("x-kubernetes-validations");
        if (!rules.isEmpty()) {
            var scope = new RuleScope(type, engine);
            for (int i = 0; i < rules.size(); i++) {
                Path at = path.field("x-kubernetes-validations").index(i);
                rule(rules.get(i), schema, type, scope, at, occurrence);
            }
        }
        type.fields.forEach((name, field) -> node(
                schema.path("properties").path(name),
                field.schema(),
                path.field("properties").key(name),
                occurrence));
        if (type.element != null) {
            String part = type.kind == CelSchema.Kind.LIST ? "items" : "additionalProperties";
            node(schema.path(part), type.element, path.field(part), occurrence.in(type, type.element, path, limits));
        }
    }

    private void rule(
            JsonNode stated, JsonNode schema, CelSchema type, RuleScope scope, Path path, Occurrence occurrence) {
        String text = stated.path("rule").asText("");
        if (text.isBlank()) {
            errors.add(FieldError.required(path.field("rule").name(), "rule is not specified"));
            return;
        }
        form(stated, schema, path);
        Rule rule = Rule.of(stated, scope);
        if (!rule.broken.isEmpty()) {
            errors.add(FieldError.invalid(path.field("rule").name(), text, rule.broken));
        }
        String messageExpression = stated.path("messageExpression").asText("");
        if (!rule.brokenMessage.isEmpty()) {
            errors.add(
                    FieldError.invalid(path.field("messageExpression").name(), messageExpression, rule.brokenMessage));
        }
        transition(rule, text, path, occurrence);
        cost("estimated rule cost", rule.condition, type, path.field("rule"), occurrence);
        cost(
                "estimated messageExpression cost",
                rule.messageExpression,
                type,
                path.field("messageExpression"),
                occurrence);
    }

    private void transition(Rule rule, String text, Path path, Occurrence occurrence) {
        if (rule.isTransition()) {
            if (occurrence.uncorrelated != null) {
                errors.add(FieldError.invalid(
                        path.field("rule").name(),
                        text,
                        "oldSelf cannot be used on the uncorrelatable portion of the schema within "
                                + occurrence.uncorrelated.name()));
            }
        } else if (rule.optionalOldSelf && rule.broken.isEmpty()) {
            errors.add(FieldError.invalid(
                    path.field("optionalOldSelf").name(), true, "may not be set if oldSelf is not used in rule"));
        }
    }

    private void form(JsonNode stated, JsonNode schema, Path path) {
        String message = stated.path("message").asText("");
        if (stated.has("message") && !message.isEmpty() && message.isBlank()) {
            errors.add(FieldError.invalid(
                    path.field("message").name(), message, "message must be non-empty if specified"));
        } else if (message.strip().contains("\n")) {
            errors.add(
                    FieldError.invalid(path.field("message").name(), message, "message must not contain line breaks"));
        } else if (message.isBlank() && stated.path("rule").asText("").strip().contains("\n")) {
            errors.add(FieldError.required(
                    path.field("message").name(), "message must be specified if rule contains line breaks"));
        }
        String expression = stated.path("messageExpression").asText("");
        if (!expression.isEmpty() && expression.isBlank()) {
            errors.add(FieldError.required(
                    path.field("messageExpression").name(), "messageExpression must be non-empty if specified"));
        }
        String reason = stated.path("reason").asText("");
        if (!reason.isEmpty() && !REASONS.contains(reason)) {
            errors.add(FieldError.notSupported(path.field("reason").name(), reason, REASONS));
        }
        String fieldPath = stated.path("fieldPath").asText("");
        if (!fieldPath.isEmpty() && RulePath.of(fieldPath, schema).isEmpty()) {
            errors.add(FieldError.invalid(
                    path.field("fieldPath").name(),
                    fieldPath,
                    "fieldPath must be a valid path: does not refer to a valid field"));
        }
    }

    private void cost(String what, @Nullable Expression expression, CelSchema type, Path path, Occurrence occurrence) {
        double cost = Optional.ofNullable(expression)
                .map(e -> Cost.of(e, type, limits) * occurrence.most)
                .orElse(0.0);
        total += cost;
        if (cost > limits.perRule()) {
            errors.add(FieldError.forbidden(path.name(), exceeded(what, cost / limits.perRule())));
        }
        if (cost > limits.perDefinition() / 100.0) {
            costly.add(path);
        }
    }

    private static String exceeded(String what, double factor) {
        String times =
                factor > 100 ? "more than 100x" : String.format(Locale.ROOT, factor < 1.5 ? "%fx" : "%.1fx", factor);
        return what + " exceeds budget by factor of " + times + ADVICE;
    }
}
