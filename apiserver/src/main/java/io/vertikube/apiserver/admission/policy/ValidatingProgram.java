package io.vertikube.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.values.NullValue;
import io.vertikube.apiserver.admission.match.Conditions.Outcome;
import io.vertikube.apiserver.cel.CelLimits;
import io.vertikube.apiserver.cel.RequestScope.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a validating policy asks, compiled. Immutable, safe for any thread. */
final class ValidatingProgram {

    private static final int LONGEST_MESSAGE = 5 * 1024;
    private static final int LONGEST_ANNOTATION = 10 * 1024;

    /**
     * Why a policy says no.
     *
     * @param index of the validation; -1 if it is none of them
     */
    record Denial(String message, String reason, int index) {}

    /** What one evaluation comes to. */
    record Judgement(List<Denial> denials, Map<String, String> annotations) {}

    private record Validation(Compiled expression, Compiled messageExpression, String message, String reason) {

        String told() {
            return message.isEmpty() ? "failed expression: " + expression.text() : message;
        }
    }

    private final Policy policy;
    private final List<Validation> validations = new ArrayList<>();
    private final Map<String, Compiled> annotations = new LinkedHashMap<>();

    ValidatingProgram(Policy policy) {
        this.policy = policy;
        Policy.Body body = policy.body().get();
        for (JsonNode validation : policy.spec().path("validations")) {
            validations.add(new Validation(
                    body.compile(validation.path("expression"), Result.BOOL),
                    body.compile(validation.path("messageExpression"), Result.TEXT),
                    validation.path("message").asText().strip(),
                    validation.path("reason").asText("Invalid")));
        }
        for (JsonNode annotation : policy.spec().path("auditAnnotations")) {
            annotations.put(
                    policy.name() + "/" + annotation.path("key").asText(),
                    body.compile(annotation.path("valueExpression"), Result.TEXT_OR_NULL));
        }
    }

    /** @param values with parameters and variables */
    Judgement judge(Map<String, Object> values, CelLimits limits) {
        List<Denial> denials = new ArrayList<>();
        Map<String, String> notes = new LinkedHashMap<>();
        switch (policy.body().get().conditions().judge(values, limits)) {
            case Outcome.DoNotHold() -> {}
            case Outcome.Failed(String why) -> fail(why, -1, denials);
            case Outcome.Hold() -> {
                var purse = new Purse(limits);
                for (int i = 0; i < validations.size(); i++) {
                    ask(validations.get(i), i, values, purse, denials);
                }
                annotations.forEach((key, value) -> annotate(key, value, values, purse, denials, notes));
            }
        }
        return new Judgement(denials, notes);
    }

    private void ask(Validation validation, int index, Map<String, Object> values, Purse purse, List<Denial> denials) {
        try {
            if (!Boolean.TRUE.equals(purse.evaluate(validation.expression(), values))) {
                denials.add(new Denial(message(validation, values, purse), validation.reason(), index));
            }
        } catch (Purse.NoValue e) {
            fail(String.valueOf(e.getMessage()), index, denials);
        }
    }

    /** The evaluated message, unless it fails or is none that can be told. */
    private static String message(Validation validation, Map<String, Object> values, Purse purse) {
        if (validation.messageExpression().none()) {
            return validation.told();
        }
        try {
            String text = String.valueOf(purse.evaluate(validation.messageExpression(), values))
                    .strip();
            boolean fit = !text.isEmpty() && text.length() <= LONGEST_MESSAGE && !text.contains("\n");
            return fit ? text : validation.told();
        } catch (Purse.NoValue e) {
            return validation.told();
        }
    }

    private void annotate(
            String key,
            Compiled expression,
            Map<String, Object> values,
            Purse purse,
            List<Denial> denials,
            Map<String, String> notes) {
        try {
            @Nullable Object value = purse.evaluate(expression, values);
            if (value instanceof NullValue) {
                return;
            }
            String text = String.valueOf(value).strip();
            if (!text.isEmpty()) {
                notes.put(key, text.substring(0, Math.min(text.length(), LONGEST_ANNOTATION)));
            }
        } catch (Purse.NoValue e) {
            fail(String.valueOf(e.getMessage()), -1, denials);
        }
    }

    private void fail(String why, int index, List<Denial> denials) {
        if (!policy.ignoresFailures()) {
            denials.add(new Denial(why, "Invalid", index));
        }
    }
}
