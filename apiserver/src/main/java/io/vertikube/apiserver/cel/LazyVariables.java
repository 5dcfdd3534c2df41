package io.vertikube.apiserver.cel;

import java.util.AbstractMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Variables of a policy, evaluated once when they are first looked at. Confined to one evaluation of the policy. */
final class LazyVariables extends AbstractMap<String, Object> {

    /** A variable that has no value; what looks at it has none either. */
    static final class Broken extends RuntimeException {

        private static final long serialVersionUID = 1;

        Broken(String message) {
            super(message, null, false, false);
        }
    }

    private final Map<String, Expression> expressions;
    private final Map<String, Object> scope;
    private final Map<String, Object> known = new HashMap<>();

    LazyVariables(Map<String, Expression> expressions, Map<String, Object> scope) {
        this.expressions = expressions;
        this.scope = scope;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return expressions.containsKey(key);
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        @Nullable Expression expression = expressions.get(key);
        if (expression == null) {
            return null;
        }
        String name = String.valueOf(key);
        @Nullable Object value = known.get(name);
        if (value == null) {
            try {
                value = expression.evaluate(scope, Budget.current());
            } catch (Expression.Failed e) {
                if (e.tooCostly()) {
                    throw new Budget.Exceeded();
                }
                value = new Broken("composited variable \"" + name + "\" fails to evaluate: " + e.getMessage());
            }
            known.put(name, value);
        }
        if (value instanceof Broken broken) {
            throw broken;
        }
        return value;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        Set<Entry<String, Object>> entries = new LinkedHashSet<>();
        expressions.keySet().forEach(name -> {
            @Nullable Object value = get(name);
            if (value != null) {
                entries.add(Map.entry(name, value));
            }
        });
        return entries;
    }
}
