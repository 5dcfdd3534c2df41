package io.vertikube.apiserver.cel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Objects that expressions construct: {@code Object.spec{replicas: 3}} and {@code JSONPatch{op: "add", …}}. The types are
 * made up as they are named, and since nothing stands behind them a construction is turned into that of a map, which
 * remembers the type's name. Pure functions.
 */
final class Constructed {

    /** The key under which a constructed map has its type's name; no field is called so. */
    static final String TYPE = "@type";

    static final String ROOT = "Object";

    static final StructType JSON_PATCH = Types.struct(
            "JSONPatch",
            Map.of(
                    "op",
                    SimpleType.STRING,
                    "path",
                    SimpleType.STRING,
                    "from",
                    SimpleType.STRING,
                    "value",
                    SimpleType.DYN));

    private Constructed() {}

    /** The types that a parsed expression constructs; each has whatever fields the expression names. */
    static CelEngine.TypesByName types(CelAbstractSyntaxTree parsed) {
        Set<String> fields = new HashSet<>();
        collect(parsed.getExpr(), fields);
        ImmutableSet<String> names = ImmutableSet.copyOf(fields);
        return name -> {
            if (name.equals(JSON_PATCH.name())) {
                return Optional.of(JSON_PATCH);
            }
            return name.equals(ROOT) || name.startsWith(ROOT + ".")
                    ? Optional.of(StructType.create(name, names, field -> Optional.of(SimpleType.DYN)))
                    : Optional.empty();
        };
    }

    /** The names of all fields that are set or selected. */
    private static void collect(CelExpr e, Set<String> fields) {
        switch (e.getKind()) {
            case NOT_SET, CONSTANT, IDENT -> {}
            case SELECT -> {
                fields.add(e.select().field());
                collect(e.select().operand(), fields);
            }
            case CALL -> {
                e.call().target().ifPresent(target -> collect(target, fields));
                e.call().args().forEach(argument -> collect(argument, fields));
            }
            case LIST -> e.list().elements().forEach(item -> collect(item, fields));
            case STRUCT ->
                e.struct().entries().forEach(entry -> {
                    fields.add(entry.fieldKey());
                    collect(entry.value(), fields);
                });
            case MAP ->
                e.map().entries().forEach(entry -> {
                    collect(entry.key(), fields);
                    collect(entry.value(), fields);
                });
            case COMPREHENSION -> {
                CelExpr.CelComprehension c = e.comprehension();
                List.of(c.iterRange(), c.accuInit(), c.loopCondition(), c.loopStep(), c.result())
                        .forEach(part -> collect(part, fields));
            }
        }
    }

    /** {@code jsonpatch.escapeKey}: a key as a step of a JSON pointer. */
    static Function escapeKey() {
        return Function.global(
                "jsonpatch.escapeKey",
                "string_jsonpatch_escape_key",
                SimpleType.STRING,
                List.of(SimpleType.STRING),
                a -> {
                    Budget.traverse((String) a[0]);
                    return ((String) a[0]).replace("~", "~0").replace("/", "~1");
                });
    }

    /** The same expression with maps in the place of constructed objects. */
    static CelAbstractSyntaxTree asMaps(CelAbstractSyntaxTree tree) {
        CelExpr expression = rewritten(tree.getExpr());
        return expression.equals(tree.getExpr())
                ? tree
                : CelAbstractSyntaxTree.newCheckedAst(
                        expression, tree.getSource(), tree.getReferenceMap(), tree.getTypeMap());
    }

    private static CelExpr rewritten(CelExpr e) {
        return switch (e.getKind()) {
            case NOT_SET, CONSTANT, IDENT -> e;
            case SELECT ->
                CelExpr.ofSelect(
                        e.id(),
                        rewritten(e.select().operand()),
                        e.select().field(),
                        e.select().testOnly());
            case CALL ->
                CelExpr.ofCall(
                        e.id(),
                        e.call().target().map(Constructed::rewritten),
                        e.call().function(),
                        rewritten(e.call().args()));
            case LIST ->
                CelExpr.ofList(e.id(), rewritten(e.list().elements()), e.list().optionalIndices());
            case STRUCT -> map(e);
            case MAP -> {
                ImmutableList.Builder<CelExpr.CelMap.Entry> entries = ImmutableList.builder();
                e.map()
                        .entries()
                        .forEach(entry -> entries.add(CelExpr.ofMapEntry(
                                entry.id(), rewritten(entry.key()), rewritten(entry.value()), entry.optionalEntry())));
                yield CelExpr.ofMap(e.id(), entries.build());
            }
            case COMPREHENSION -> {
                CelExpr.CelComprehension c = e.comprehension();
                yield CelExpr.ofComprehension(
                        e.id(),
                        c.iterVar(),
                        c.iterVar2(),
                        rewritten(c.iterRange()),
                        c.accuVar(),
                        rewritten(c.accuInit()),
                        rewritten(c.loopCondition()),
                        rewritten(c.loopStep()),
                        rewritten(c.result()));
            }
        };
    }

    private static ImmutableList<CelExpr> rewritten(List<CelExpr> expressions) {
        return expressions.stream().map(Constructed::rewritten).collect(ImmutableList.toImmutableList());
    }

    private static CelExpr map(CelExpr e) {
        ImmutableList.Builder<CelExpr.CelMap.Entry> entries = ImmutableList.builder();
        entries.add(CelExpr.ofMapEntry(
                e.id(), text(e.id(), TYPE), text(e.id(), e.struct().messageName()), false));
        e.struct()
                .entries()
                .forEach(field -> entries.add(CelExpr.ofMapEntry(
                        field.id(),
                        text(field.id(), field.fieldKey()),
                        rewritten(field.value()),
                        field.optionalEntry())));
        return CelExpr.ofMap(e.id(), entries.build());
    }

    private static CelExpr text(long id, String text) {
        return CelExpr.ofConstant(id, CelConstant.ofValue(text));
    }
}
