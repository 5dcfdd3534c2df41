package io.vertikube.apiserver.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an expression can cost at worst, by the sizes that the schema allows ("Resource use by validation functions" in the
 * documentation): steps cost one, going through a text a tenth a character, a loop what its body costs for each item.
 * Confined to one estimate.
 */
final class Cost {

    private static final double TEXT = 0.1;
    private static final double PATTERN = 0.25;
    private static final Set<String> WHOLE_LIST =
            Set.of("isSorted", "sum", "min", "max", "indexOf", "lastIndexOf", "join");
    private static final Set<String> COMPARISONS = Set.of("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_");

    /** What an expression costs, how large its value is, and what the value holds. */
    private record Estimate(
            double cost,
            double size,
            @Nullable CelSchema schema,
            @Nullable Estimate element) {

        Estimate costing(double more) {
            return new Estimate(more, size, schema, element);
        }
    }

    private final CelAbstractSyntaxTree tree;
    private final CelLimits limits;
    private final Map<String, Estimate> variables = new HashMap<>();

    private Cost(CelAbstractSyntaxTree tree, CelLimits limits) {
        this.tree = tree;
        this.limits = limits;
    }

    static double of(Expression expression, CelSchema self, CelLimits limits) {
        var cost = new Cost(expression.tree(), limits);
        cost.variables.put("self", cost.value(self));
        cost.variables.put("oldSelf", cost.value(self));
        return cost.visit(expression.tree().getExpr()).cost;
    }

    private Estimate value(CelSchema schema) {
        return new Estimate(1, schema.largest(limits), schema, null);
    }

    /** A value of which only the type is known. */
    private Estimate unknown(CelExpr expression, double cost) {
        CelKind kind = tree.getType(expression.id()).map(t -> t.kind()).orElse(CelKind.DYN);
        boolean sized = Set.of(CelKind.STRING, CelKind.BYTES, CelKind.LIST, CelKind.MAP, CelKind.DYN, CelKind.ANY)
                .contains(kind);
        return new Estimate(cost, sized ? limits.requestBytes() : 1, null, null);
    }

    private Estimate visit(CelExpr expression) {
        return switch (expression.getKind()) {
            case CONSTANT -> constant(expression.constant());
            case IDENT -> {
                @Nullable Estimate known = variables.get(expression.ident().name());
                yield known == null ? unknown(expression, 1) : known.costing(1);
            }
            case SELECT -> select(expression);
            case CALL -> call(expression);
            case LIST -> list(expression);
            case MAP -> {
                double cost = 30;
                for (CelExpr.CelMap.Entry entry : expression.map().entries()) {
                    cost += visit(entry.key()).cost + visit(entry.value()).cost;
                }
                yield new Estimate(cost, expression.map().entries().size(), null, null);
            }
            case STRUCT -> unknown(expression, 40);
            case COMPREHENSION -> loop(expression);
            case NOT_SET -> new Estimate(0, 1, null, null);
        };
    }

    private static Estimate constant(CelConstant constant) {
        double size =
                switch (constant.getKind()) {
                    case STRING_VALUE -> constant.stringValue().length();
                    case BYTES_VALUE -> constant.bytesValue().size();
                    default -> 1;
                };
        return new Estimate(0, size, null, null);
    }

    private Estimate select(CelExpr expression) {
        Estimate operand = visit(expression.select().operand());
        double cost = operand.cost + 1;
        if (expression.select().testOnly()) {
            return new Estimate(cost, 1, null, null);
        }
        if (operand.schema != null) {
            CelSchema.@Nullable Field field =
                    operand.schema.escaped.get(expression.select().field());
            if (field != null) {
                return value(field.schema()).costing(cost);
            }
            if (operand.schema.element != null) {
                return value(operand.schema.element).costing(cost);
            }
        }
        return unknown(expression, cost);
    }

    private Estimate list(CelExpr expression) {
        double cost = 10;
        @Nullable Estimate largest = null;
        for (CelExpr item : expression.list().elements()) {
            Estimate estimate = visit(item);
            cost += estimate.cost;
            largest = larger(largest, estimate);
        }
        return new Estimate(cost, expression.list().elements().size(), null, largest);
    }

    private Estimate loop(CelExpr expression) {
        CelExpr.CelComprehension loop = expression.comprehension();
        Estimate range = visit(loop.iterRange());
        Estimate start = visit(loop.accuInit());
        Map<String, Estimate> outside = new HashMap<>(variables);
        boolean overMap = range.schema != null && range.schema.kind == CelSchema.Kind.MAP;
        Estimate item = overMap ? new Estimate(1, 253, null, null) : element(range);
        if (!loop.iterVar2().isEmpty()) {
            variables.put(loop.iterVar(), new Estimate(1, overMap ? 253 : 1, null, null));
            variables.put(loop.iterVar2(), element(range));
        } else {
            variables.put(loop.iterVar(), item);
        }
        variables.put(loop.accuVar(), start);
        Estimate condition = visit(loop.loopCondition());
        Estimate step = visit(loop.loopStep());
        boolean grows = tree.getType(loop.loopStep().id())
                .map(t -> t.kind() == CelKind.LIST || t.kind() == CelKind.STRING || t.kind() == CelKind.MAP)
                .orElse(false);
        double size = grows ? Math.max(step.size, range.size * Math.max(1, step.size - start.size)) : step.size;
        variables.put(loop.accuVar(), new Estimate(1, size, step.schema, step.element));
        Estimate result = visit(loop.result());
        variables.clear();
        variables.putAll(outside);
        double cost = range.cost + start.cost + range.size * (condition.cost + step.cost) + result.cost;
        return new Estimate(cost, result.size, result.schema, result.element);
    }

    private Estimate element(Estimate list) {
        if (list.element != null) {
            return list.element;
        }
        if (list.schema != null && list.schema.element != null) {
            return value(list.schema.element);
        }
        return new Estimate(1, limits.requestBytes(), null, null);
    }

    private Estimate call(CelExpr expression) {
        CelExpr.CelCall call = expression.call();
        List<Estimate> arguments = new ArrayList<>();
        List<CelExpr> parts = new ArrayList<>();
        call.target().ifPresent(parts::add);
        parts.addAll(call.args());
        double cost = 1;
        for (CelExpr part : parts) {
            Estimate argument = visit(part);
            arguments.add(argument);
            cost += argument.cost;
        }
        if (call.function().equals("_?_:_") && arguments.size() == 3) {
            double branches = arguments.get(1).cost + arguments.get(2).cost;
            double worst = Math.max(arguments.get(1).cost, arguments.get(2).cost);
            Estimate larger = larger(arguments.get(1), arguments.get(2));
            return larger.costing(cost - branches + worst);
        }
        if (arguments.isEmpty()) {
            return unknown(expression, cost);
        }
        return applied(expression, call.function(), arguments, isText(parts.getFirst()), cost);
    }

    private Estimate applied(CelExpr expression, String function, List<Estimate> arguments, boolean text, double cost) {
        Estimate first = arguments.getFirst();
        Estimate second = arguments.size() > 1 ? arguments.get(1) : new Estimate(0, 1, null, null);
        boolean list = first.element != null || (first.schema != null && first.schema.kind == CelSchema.Kind.LIST);
        if (COMPARISONS.contains(function)) {
            double size = Math.min(first.size, second.size);
            return new Estimate(cost + size * (text || !list ? TEXT : 1 + TEXT * element(first).size), 1, null, null);
        }
        if (WHOLE_LIST.contains(function) && !text) {
            double all = first.size * (1 + TEXT * element(first).size);
            return function.equals("join")
                    ? new Estimate(cost + all, first.size * (element(first).size + second.size), null, null)
                    : element(first).costing(cost + all);
        }
        if (function.startsWith("sets.")) {
            return new Estimate(cost + first.size * second.size * (1 + TEXT * element(first).size), 1, null, null);
        }
        return switch (function) {
            case "_+_" ->
                new Estimate(
                        cost + (text ? TEXT * (first.size + second.size) : 1),
                        first.size + second.size,
                        first.schema == null ? second.schema : first.schema,
                        larger(elementOrNull(first), elementOrNull(second)));
            case "_[_]", "_[?_]" -> element(first).costing(cost);
            case "@in", "in", "_in_" -> new Estimate(cost + second.size * (1 + TEXT * first.size), 1, null, null);
            case "contains" -> new Estimate(cost + (1 + TEXT * first.size) * (1 + TEXT * second.size), 1, null, null);
            case "startsWith", "endsWith" -> new Estimate(cost + TEXT * second.size, 1, null, null);
            case "matches", "find" ->
                new Estimate(cost + (1 + TEXT * first.size) * (1 + PATTERN * second.size), first.size, null, null);
            case "findAll", "split" ->
                new Estimate(
                        cost + (1 + TEXT * first.size) * (1 + PATTERN * second.size),
                        first.size,
                        null,
                        new Estimate(1, first.size, null, null));
            case "replace" -> {
                double with = arguments.size() > 2 ? arguments.get(2).size : 1;
                yield new Estimate(cost + TEXT * first.size, first.size * Math.max(1, with), null, null);
            }
            case "format" -> unknown(expression, cost + TEXT * first.size);
            default -> {
                Estimate result = unknown(expression, cost + (text ? TEXT * first.size : 0));
                yield result.size > 1 ? new Estimate(result.cost, first.size, first.schema, first.element) : result;
            }
        };
    }

    private @Nullable Estimate elementOrNull(Estimate list) {
        return list.element != null || list.schema != null ? element(list) : null;
    }

    private boolean isText(CelExpr expression) {
        return tree.getType(expression.id())
                .map(t -> t.equals(SimpleType.STRING) || t.equals(SimpleType.BYTES))
                .orElse(false);
    }

    private static Estimate larger(@Nullable Estimate left, @Nullable Estimate right) {
        if (left == null || right == null) {
            Estimate one = left == null ? right : left;
            return one == null ? new Estimate(0, 1, null, null) : one;
        }
        return left.size >= right.size ? left : right;
    }
}
