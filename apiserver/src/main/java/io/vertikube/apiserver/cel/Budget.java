package io.vertikube.apiserver.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;

/**
 * Counts what one evaluation costs and ends it when that is too much. Each step tells it; functions whose work depends on
 * the size of what they are given spend in advance. Confined to the thread of its evaluation.
 */
public final class Budget implements CelEvaluationListener {

    private static final ScopedValue<Budget> CURRENT = ScopedValue.newInstance();

    /** Ends an evaluation; it costs no stack trace. */
    static final class Exceeded extends RuntimeException {

        private static final long serialVersionUID = 1;

        Exceeded() {
            super("operation cancelled: actual cost limit exceeded", null, false, false);
        }
    }

    /** An evaluation. */
    interface Work<T> {

        T run() throws dev.cel.runtime.CelEvaluationException;
    }

    private final long limit;
    private long spent;

    public Budget(long limit) {
        this.limit = limit;
    }

    /** Runs with this budget as the one that functions spend from. */
    <T> T during(Work<T> work) throws dev.cel.runtime.CelEvaluationException {
        return ScopedValue.where(CURRENT, this).<T, dev.cel.runtime.CelEvaluationException>call(work::run);
    }

    /** The budget of the evaluation that runs in this thread. */
    static Budget current() {
        return CURRENT.get();
    }

    /** Spends from the evaluation that runs in this thread; nothing outside of one. */
    static void spend(long cost) {
        if (CURRENT.isBound()) {
            CURRENT.get().take(cost);
        }
    }

    /** A tenth of the characters, which is what going through a text costs. */
    static void traverse(String text) {
        spend(text.length() / 10);
    }

    public long spent() {
        return spent;
    }

    @Override
    public void callback(CelExpr step, Object result) {
        take(result instanceof String text ? 1 + text.length() / 10 : 1);
    }

    private void take(long cost) {
        spent += Math.max(0, cost);
        if (spent > limit) {
            throw new Exceeded();
        }
    }
}
