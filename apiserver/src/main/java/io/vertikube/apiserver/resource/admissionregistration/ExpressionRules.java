package io.vertikube.apiserver.resource.admissionregistration;

import dev.cel.common.types.SimpleType;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.cel.Expression;
import io.vertikube.apiserver.cel.RequestScope;
import io.vertikube.apiserver.cel.RequestScope.Result;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import java.util.Optional;

/** Compiles the expressions of a configuration and says of each where and why it does not. Confined to one validation. */
final class ExpressionRules {

    private final Problems problems;
    private RequestScope scope;

    ExpressionRules(RequestScope scope, Problems problems) {
        this.scope = scope;
        this.problems = problems;
    }

    /** Empty if it does not compile, or does not come to what is wanted. */
    Optional<Expression> check(Place expression, Result wanted) {
        try {
            return Optional.of(scope.compile(expression.text(), wanted));
        } catch (CelEngine.Invalid e) {
            problems.invalid(expression, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Expressions that come later may speak of it, even if it does not compile. */
    void define(String name, Place expression) {
        scope = scope.with(
                name, check(expression, Result.ANY).map(Expression::type).orElse(SimpleType.DYN));
    }
}
