package io.vertikube.apiserver.admission.policy;

import io.vertikube.apiserver.cel.Budget;
import io.vertikube.apiserver.cel.CelLimits;
import io.vertikube.apiserver.cel.Expression;
import java.util.Map;

/** What all evaluations of one policy for one write may cost together. Confined to that. */
final class Purse {

    /** An expression without a value; the message is for the client. */
    static final class NoValue extends Exception {

        private static final long serialVersionUID = 1;

        NoValue(String message) {
            super(message, null, false, false);
        }
    }

    private final CelLimits limits;
    private long left;

    Purse(CelLimits limits) {
        this.limits = limits;
        this.left = limits.perObject();
    }

    Object evaluate(Compiled compiled, Map<String, Object> values) throws NoValue {
        if (compiled.expression().isEmpty()) {
            throw new NoValue(compiled.broken());
        }
        if (left <= 0) {
            throw new NoValue("validation failed due to running out of cost budget, no further validation expressions"
                    + " will be run");
        }
        var budget = new Budget(Math.min(left, limits.perCall()));
        try {
            return compiled.expression().get().evaluate(values, budget);
        } catch (Expression.Failed e) {
            throw new NoValue("expression '" + compiled.text() + "' resulted in error: " + e.getMessage());
        } finally {
            left -= budget.spent();
        }
    }
}
