package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What changes from one object to another, field by field as the schema divides them. Immutable.
 *
 * @param added fields that only the new object has
 * @param modified fields whose value differs
 * @param removed fields that only the old object has
 */
public record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {

    /** From {@code before} to {@code after}. */
    public static Comparison between(ObjectNode before, ObjectNode after, Schema schema) {
        var walk = new Walk();
        var root = new Cursor(new FieldSet.Builder(), new FieldSet.Builder(), new FieldSet.Builder());
        walk.compare(before, after, schema, root);
        return new Comparison(root.added.build(), root.modified.build(), root.removed.build());
    }

    /** What the writer now says: added or modified. */
    public FieldSet written() {
        return added.union(modified);
    }

    Comparison without(FieldSet ignored) {
        return new Comparison(added.without(ignored), modified.without(ignored), removed.without(ignored));
    }

    private record Cursor(FieldSet.Builder added, FieldSet.Builder modified, FieldSet.Builder removed) {
        Cursor step(String step) {
            return new Cursor(added.child(step), modified.child(step), removed.child(step));
        }
    }

    private static final class Walk {

        void compare(@Nullable JsonNode before, @Nullable JsonNode after, @Nullable Schema schema, Cursor at) {
            if (before == null && after == null) {
                return;
            }
            if (divided(before, after, schema)) {
                if (schema != null && (isList(before) || isList(after))) {
                    items(before, after, schema, at);
                } else {
                    fields(before, after, schema, at);
                }
                if (before == null) {
                    at.added.add();
                } else if (after == null) {
                    at.removed.add();
                }
            } else {
                leaf(before, after, at);
            }
        }

        /** Whether to look into the values; two empty ones are compared as wholes, so that {} and null differ. */
        private static boolean divided(@Nullable JsonNode before, @Nullable JsonNode after, @Nullable Schema schema) {
            if (Shapes.empty(before) && Shapes.empty(after)) {
                return false;
            }
            JsonNode one = Shapes.empty(before) ? after : before;
            JsonNode other = Shapes.empty(after) ? before : after;
            if (one == null || other == null || one.getNodeType() != other.getNodeType()) {
                return false;
            }
            return Shapes.granularMap(one, schema) || Shapes.keyedList(one, schema);
        }

        private static boolean isList(@Nullable JsonNode value) {
            return value != null && value.isArray();
        }

        private void fields(@Nullable JsonNode before, @Nullable JsonNode after, @Nullable Schema schema, Cursor at) {
            Set<String> names = new LinkedHashSet<>();
            if (before != null) {
                before.fieldNames().forEachRemaining(names::add);
            }
            if (after != null) {
                after.fieldNames().forEachRemaining(names::add);
            }
            for (String name : names) {
                compare(
                        before == null ? null : before.get(name),
                        after == null ? null : after.get(name),
                        Shapes.child(schema, name),
                        at.step(Steps.field(name)));
            }
        }

        private void items(@Nullable JsonNode before, @Nullable JsonNode after, Schema schema, Cursor at) {
            var old = Shapes.itemsByStep(before, schema);
            var now = Shapes.itemsByStep(after, schema);
            Set<String> steps = new LinkedHashSet<>(old.keySet());
            steps.addAll(now.keySet());
            Schema item = Shapes.items(schema);
            for (String step : steps) {
                List<JsonNode> was = old.getOrDefault(step, List.of());
                List<JsonNode> is = now.getOrDefault(step, List.of());
                Cursor there = at.step(step);
                if (was.size() > 1 || is.size() > 1) {
                    if (was.isEmpty()) {
                        there.added.add();
                    } else if (is.isEmpty()) {
                        there.removed.add();
                    } else if (!was.equals(is)) {
                        there.modified.add();
                    }
                } else {
                    compare(was.isEmpty() ? null : was.getFirst(), is.isEmpty() ? null : is.getFirst(), item, there);
                }
            }
        }

        private static void leaf(@Nullable JsonNode before, @Nullable JsonNode after, Cursor at) {
            if (before == null) {
                at.added.add();
            } else if (after == null) {
                at.removed.add();
            } else if (!Shapes.same(before, after)) {
                at.modified.add();
            }
        }
    }
}
