package io.vertikube.apiserver.admission.match;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.cel.Budget;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.cel.CelLimits;
import io.vertikube.apiserver.cel.Expression;
import io.vertikube.apiserver.cel.RequestScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code matchConditions}: one that is false means that the write is none of theirs, whatever becomes of the others.
 * Immutable, safe for any thread.
 */
public final class Conditions {

    /** What the conditions come to. */
    public sealed interface Outcome {

        /** All hold. */
        record Hold() implements Outcome {}

        /** One does not. */
        record DoNotHold() implements Outcome {}

        /** None is false, but not all could be evaluated. */
        record Failed(String why) implements Outcome {}
    }

    private record Condition(String text, Optional<Expression> expression, String broken) {}

    private final List<Condition> conditions;

    private Conditions(List<Condition> conditions) {
        this.conditions = conditions;
    }

    /** @param scope asked if there are any */
    public static Conditions of(JsonNode matchConditions, Supplier<RequestScope> scope) {
        List<Condition> conditions = new ArrayList<>();
        for (JsonNode condition : matchConditions) {
            String text = condition.path("expression").asText().strip();
            try {
                conditions.add(
                        new Condition(text, Optional.of(scope.get().compile(text, RequestScope.Result.BOOL)), ""));
            } catch (CelEngine.Invalid e) {
                conditions.add(new Condition(text, Optional.empty(), String.valueOf(e.getMessage())));
            }
        }
        return new Conditions(List.copyOf(conditions));
    }

    public boolean none() {
        return conditions.isEmpty();
    }

    public Outcome judge(Map<String, Object> values, CelLimits limits) {
        List<String> failures = new ArrayList<>();
        long left = limits.conditions();
        for (Condition condition : conditions) {
            if (condition.expression().isEmpty()) {
                failures.add(condition.broken());
                continue;
            }
            var budget = new Budget(Math.min(left, limits.perCall()));
            try {
                if (!Boolean.TRUE.equals(condition.expression().get().evaluate(values, budget))) {
                    return new Outcome.DoNotHold();
                }
            } catch (Expression.Failed e) {
                failures.add("expression '" + condition.text() + "' resulted in error: " + e.getMessage());
            }
            left = Math.max(0, left - budget.spent());
        }
        return failures.isEmpty()
                ? new Outcome.Hold()
                : new Outcome.Failed(
                        failures.size() == 1 ? failures.getFirst() : "[" + String.join(", ", failures) + "]");
    }
}
