package io.vertikube.apiserver.admission.policy;

import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.cel.Expression;
import io.vertikube.apiserver.cel.RequestScope;
import java.util.Optional;

/**
 * An expression of a policy, compiled as far as it goes. Immutable.
 *
 * @param broken why it does not compile
 */
record Compiled(String text, Optional<Expression> expression, String broken) {

    static Compiled of(String text, RequestScope.Result wanted, RequestScope scope) {
        try {
            return new Compiled(text, Optional.of(scope.compile(text, wanted)), "");
        } catch (CelEngine.Invalid e) {
            return new Compiled(text, Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /** An optional text that is not there. */
    boolean none() {
        return text.isEmpty();
    }
}
