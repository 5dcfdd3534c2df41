package io.vertikube.apiserver.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A compiled expression. Immutable to the eye, safe for any thread. */
public final class Expression {

    /** An evaluation that came to no result. */
    public static final class Failed extends Exception {

        private static final long serialVersionUID = 1;

        private final boolean tooCostly;

        Failed(String message, boolean tooCostly) {
            super(message, null, false, false);
            this.tooCostly = tooCostly;
        }

        /** Whether it was ended because of its cost. */
        public boolean tooCostly() {
            return tooCostly;
        }
    }

    private final CelAbstractSyntaxTree tree;
    private final Supplier<CelRuntime> runtime;
    private volatile CelRuntime.@Nullable Program program;

    Expression(CelAbstractSyntaxTree tree, Supplier<CelRuntime> runtime) {
        this.tree = tree;
        this.runtime = runtime;
    }

    /** Made when first needed; two that make it at once make the same. */
    private CelRuntime.Program program() throws CelEvaluationException {
        CelRuntime.@Nullable Program known = program;
        if (known == null) {
            known = runtime.get().createProgram(tree);
            program = known;
        }
        return known;
    }

    public CelType type() {
        return tree.getResultType();
    }

    CelAbstractSyntaxTree tree() {
        return tree;
    }

    /** Whether it speaks of a variable. */
    public boolean uses(String variable) {
        return tree.getReferenceMap().values().stream().anyMatch(r -> r.name().equals(variable));
    }

    /** @throws Failed with the sentence that says why there is no result */
    public Object evaluate(Map<String, ?> variables, Budget budget) throws Failed {
        try {
            return budget.during(() -> program().trace(variables, budget));
        } catch (Budget.Exceeded e) {
            throw new Failed(String.valueOf(e.getMessage()), true);
        } catch (CelEvaluationException e) {
            throw failed(e);
        } catch (RuntimeException e) {
            throw failed(e);
        } catch (StackOverflowError e) {
            throw new Failed("expression is nested too deeply", true);
        }
    }

    private static Failed failed(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Budget.Exceeded) {
                return new Failed(String.valueOf(cause.getMessage()), true);
            }
            if (cause instanceof LazyVariables.Broken) {
                return new Failed(String.valueOf(cause.getMessage()), false);
            }
        }
        if (e instanceof CelEvaluationException failure) {
            return Failures.of(failure);
        }
        return new Failed(String.valueOf(e.getMessage()), false);
    }

    /** The library's sentences, in the words that Kubernetes uses. */
    private static final class Failures {

        private Failures() {}

        static Failed of(CelEvaluationException failure) {
            String text = String.valueOf(failure.getMessage());
            String plain = text.replaceFirst("^evaluation error at <input>:\\d+: ", "");
            return switch (failure.getErrorCode()) {
                case ATTRIBUTE_NOT_FOUND ->
                    new Failed(plain.replaceFirst("^key '(.*)' is not present in map\\.$", "no such key: $1"), false);
                case INDEX_OUT_OF_BOUNDS ->
                    new Failed(plain.replaceFirst("^Index out of bounds: ", "index out of bounds: "), false);
                case DIVIDE_BY_ZERO -> new Failed("division by zero", false);
                case NUMERIC_OVERFLOW -> new Failed("integer overflow", false);
                case OVERLOAD_NOT_FOUND -> new Failed("no such overload", false);
                case ITERATION_BUDGET_EXCEEDED -> new Failed(plain, true);
                default ->
                    new Failed(
                            plain.startsWith("Function '") && failure.getCause() != null
                                    ? String.valueOf(failure.getCause().getMessage())
                                    : plain,
                            false);
            };
        }
    }
}
