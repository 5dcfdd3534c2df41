package io.vertikube.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.types.SimpleType;
import io.vertikube.apiserver.format.Path;
import io.vertikube.object.FieldError;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A rule of a schema, compiled ("ValidationRule" in the API reference). Immutable. */
final class Rule {

    final String text;
    final boolean optionalOldSelf;
    final @Nullable Expression condition;
    final @Nullable Expression messageExpression;
    /** Why the condition does not compile. */
    final String broken;
    /** Why the message does not compile. */
    final String brokenMessage;

    private final String message;
    private final String reason;
    private final String fieldPath;

    private Rule(
            JsonNode rule,
            @Nullable Expression condition,
            String broken,
            @Nullable Expression messageExpression,
            String brokenMessage) {
        this.text = rule.path("rule").asText("").strip();
        this.message = rule.path("message").asText("").strip();
        this.reason = rule.path("reason").asText("");
        this.fieldPath = rule.path("fieldPath").asText("");
        this.optionalOldSelf = rule.path("optionalOldSelf").asBoolean();
        this.condition = condition;
        this.broken = broken;
        this.messageExpression = messageExpression;
        this.brokenMessage = brokenMessage;
    }

    /** @param scope of the schema that it stands at */
    static Rule of(JsonNode rule, RuleScope scope) {
        CelEngine.Environment environment =
                scope.environment(rule.path("optionalOldSelf").asBoolean());
        @Nullable Expression condition = null;
        String broken = "";
        try {
            condition = environment.compile(rule.path("rule").asText(""));
            if (!condition.type().equals(SimpleType.BOOL)) {
                broken = "cel expression must evaluate to a bool";
            }
        } catch (CelEngine.Invalid e) {
            broken = "compilation failed: " + e.getMessage();
        }
        @Nullable Expression message = null;
        String brokenMessage = "";
        String messageText = rule.path("messageExpression").asText("");
        if (!messageText.isBlank()) {
            try {
                message = environment.compile(messageText);
                if (!message.type().equals(SimpleType.STRING)) {
                    brokenMessage = "messageExpression must evaluate to a string";
                }
            } catch (CelEngine.Invalid e) {
                brokenMessage = "messageExpression compilation failed: " + e.getMessage();
            }
        }
        return new Rule(rule, condition, broken, message, brokenMessage);
    }

    /** Whether it compares an object with what it was. */
    boolean isTransition() {
        return (condition != null && condition.uses("oldSelf"))
                || (messageExpression != null && messageExpression.uses("oldSelf"));
    }

    /** How it is called where it cannot be asked. */
    String name() {
        return message.isEmpty() ? text : message;
    }

    /** What a value that breaks it is told. */
    FieldError error(
            Path path, JsonNode value, CelSchema schema, JsonNode node, Map<String, Object> variables, Budget budget) {
        String detail =
                evaluatedMessage(variables, budget).orElse(message.isEmpty() ? "failed rule: " + text : message);
        String at = fieldPath.isEmpty()
                ? path.name()
                : RulePath.of(fieldPath, node).map(p -> p.below(path).name()).orElse(path.name());
        boolean container = schema.typeName.equals("object") || schema.typeName.equals("array");
        Object shown = container || schema.kind == CelSchema.Kind.OBJECT ? typeName(schema) : value;
        return switch (reason) {
            case "FieldValueForbidden" -> FieldError.forbidden(at, detail);
            case "FieldValueRequired" -> FieldError.required(at, detail);
            case "FieldValueDuplicate" -> FieldError.duplicate(at, shown);
            default -> FieldError.invalid(at, shown, detail);
        };
    }

    static String typeName(CelSchema schema) {
        return schema.typeName.isEmpty() ? "object" : schema.typeName;
    }

    private Optional<String> evaluatedMessage(Map<String, Object> variables, Budget budget) {
        if (messageExpression == null || !brokenMessage.isEmpty()) {
            return Optional.empty();
        }
        try {
            String text = String.valueOf(messageExpression.evaluate(variables, budget))
                    .strip();
            return text.isEmpty() || text.contains("\n") ? Optional.empty() : Optional.of(text);
        } catch (Expression.Failed e) {
            return Optional.empty();
        }
    }
}
