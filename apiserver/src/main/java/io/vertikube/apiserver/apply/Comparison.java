package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

    private static final int ADDED = 1;
    private static final int MODIFIED = 2;
    private static final int REMOVED = 4;

    /** From {@code before} to {@code after}. */
    public static Comparison between(ObjectNode before, ObjectNode after, Schema schema) {
        var walk = new Walk();
        var root = new FieldSet.Builder();
        walk.compare(before, after, schema, root);
        return new Comparison(
                walk.seen(ADDED) ? root.build(ADDED) : FieldSet.EMPTY,
                walk.seen(MODIFIED) ? root.build(MODIFIED) : FieldSet.EMPTY,
                walk.seen(REMOVED) ? root.build(REMOVED) : FieldSet.EMPTY);
    }

    /** What the writer now says: added or modified. */
    public FieldSet written() {
        return added.union(modified);
    }

    Comparison without(FieldSet ignored) {
        return new Comparison(added.without(ignored), modified.without(ignored), removed.without(ignored));
    }

    private static final class Walk {

        private int seen;

        boolean seen(int mark) {
            return (seen & mark) != 0;
        }

        private void mark(FieldSet.Builder at, int mark) {
            seen |= mark;
            at.add(mark);
        }

        void compare(
                @Nullable JsonNode before, @Nullable JsonNode after, @Nullable Schema schema, FieldSet.Builder at) {
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
                    mark(at, ADDED);
                } else if (after == null) {
                    mark(at, REMOVED);
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

        private void fields(
                @Nullable JsonNode before, @Nullable JsonNode after, @Nullable Schema schema, FieldSet.Builder at) {
            if (after != null) {
                for (Map.Entry<String, JsonNode> field : after.properties()) {
                    JsonNode was = before == null ? null : before.get(field.getKey());
                    field(field.getKey(), was, field.getValue(), schema, at);
                }
            }
            if (before != null) {
                for (Map.Entry<String, JsonNode> field : before.properties()) {
                    if (after == null || !after.has(field.getKey())) {
                        field(field.getKey(), field.getValue(), null, schema, at);
                    }
                }
            }
        }

        private void field(
                String name,
                @Nullable JsonNode before,
                @Nullable JsonNode after,
                @Nullable Schema schema,
                FieldSet.Builder at) {
            compare(before, after, Shapes.child(schema, name), at.child(Steps.field(name)));
        }

        private void items(@Nullable JsonNode before, @Nullable JsonNode after, Schema schema, FieldSet.Builder at) {
            var old = Shapes.itemsByStep(before, schema);
            var now = Shapes.itemsByStep(after, schema);
            Set<String> steps = new LinkedHashSet<>(old.keySet());
            steps.addAll(now.keySet());
            Schema item = Shapes.items(schema);
            for (String step : steps) {
                List<JsonNode> was = old.getOrDefault(step, List.of());
                List<JsonNode> is = now.getOrDefault(step, List.of());
                FieldSet.Builder there = at.child(step);
                if (was.size() > 1 || is.size() > 1) {
                    if (was.isEmpty()) {
                        mark(there, ADDED);
                    } else if (is.isEmpty()) {
                        mark(there, REMOVED);
                    } else if (!was.equals(is)) {
                        mark(there, MODIFIED);
                    }
                } else {
                    compare(was.isEmpty() ? null : was.getFirst(), is.isEmpty() ? null : is.getFirst(), item, there);
                }
            }
        }

        private void leaf(@Nullable JsonNode before, @Nullable JsonNode after, FieldSet.Builder at) {
            if (before == null) {
                mark(at, ADDED);
            } else if (after == null) {
                mark(at, REMOVED);
            } else if (!Shapes.same(before, after)) {
                mark(at, MODIFIED);
            }
        }
    }
}
