package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of fields of an object, as a tree whose steps are written as in {@code FieldsV1} ({@code f:name}, {@code
 * k:{"name":"c"}}, {@code v:"x"}, {@code i:0}; see {@link Steps}). A step may itself be in the set ({@code "."}), lead to
 * members below it, or both. Sorted arrays, operations in one pass. Immutable.
 */
public final class FieldSet {

    public static final FieldSet EMPTY = new FieldSet(new String[0], new boolean[0], new FieldSet[0]);

    private static final String SELF = ".";

    private final String[] steps;
    private final boolean[] members;
    private final FieldSet[] below;

    private FieldSet(String[] steps, boolean[] members, FieldSet[] below) {
        this.steps = steps;
        this.members = members;
        this.below = below;
    }

    /** Reads a {@code fieldsV1} value; anything but an object of objects is an {@link IllegalArgumentException}. */
    public static FieldSet parse(JsonNode fieldsV1) {
        if (!fieldsV1.isObject()) {
            throw new IllegalArgumentException("fieldsV1 is an object, not " + fieldsV1);
        }
        Map<String, JsonNode> sorted = new TreeMap<>();
        for (var entry : fieldsV1.properties()) {
            if (!entry.getKey().equals(SELF)) {
                sorted.put(Steps.canonical(entry.getKey()), entry.getValue());
            }
        }
        var sink = new Sink(sorted.size());
        sorted.forEach((step, value) -> {
            FieldSet children = parse(value);
            sink.add(step, children.isEmpty() || value.has(SELF), children);
        });
        return sink.done();
    }

    /** The set with the one path of the steps. */
    public static FieldSet path(String... steps) {
        FieldSet set = EMPTY;
        for (int i = steps.length - 1; i >= 0; i--) {
            set = new FieldSet(new String[] {steps[i]}, new boolean[] {i == steps.length - 1}, new FieldSet[] {set});
        }
        return set;
    }

    public boolean isEmpty() {
        return steps.length == 0;
    }

    /** Whether the step itself is in the set. */
    public boolean has(String step) {
        int at = Arrays.binarySearch(steps, step);
        return at >= 0 && members[at];
    }

    /** What the set holds below the step. */
    public FieldSet below(String step) {
        int at = Arrays.binarySearch(steps, step);
        return at >= 0 ? below[at] : EMPTY;
    }

    public FieldSet union(FieldSet other) {
        if (isEmpty()) {
            return other;
        }
        if (other.isEmpty()) {
            return this;
        }
        return combine(other, (a, b) -> a || b, FieldSet::union);
    }

    public FieldSet intersection(FieldSet other) {
        return isEmpty() || other.isEmpty() ? EMPTY : combine(other, (a, b) -> a && b, FieldSet::intersection);
    }

    /** What is here and not there; a path goes only if that very path is there. */
    public FieldSet difference(FieldSet other) {
        return isEmpty() || other.isEmpty() ? this : combine(other, (a, b) -> a && !b, FieldSet::difference);
    }

    /** What is here and neither there nor below something that is there. */
    public FieldSet without(FieldSet other) {
        if (isEmpty() || other.isEmpty()) {
            return this;
        }
        var sink = new Sink(steps.length);
        for (int i = 0; i < steps.length; i++) {
            if (!other.has(steps[i])) {
                sink.add(steps[i], members[i], below[i].without(other.below(steps[i])));
            }
        }
        return sink.done();
    }

    /** Every path of the set as Kubernetes prints it, such as {@code .spec.containers[name="c"].image}. */
    public List<String> paths() {
        List<String> paths = new ArrayList<>();
        collect("", paths);
        return paths;
    }

    private void collect(String prefix, List<String> paths) {
        for (int i = 0; i < steps.length; i++) {
            String path = prefix + Steps.printed(steps[i]);
            if (members[i]) {
                paths.add(path);
            }
            below[i].collect(path, paths);
        }
    }

    /** The {@code fieldsV1} value. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        writeTo(json);
        return json;
    }

    private void writeTo(ObjectNode json) {
        for (int i = 0; i < steps.length; i++) {
            ObjectNode value = json.putObject(steps[i]);
            if (!below[i].isEmpty()) {
                if (members[i]) {
                    value.putObject(SELF);
                }
                below[i].writeTo(value);
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldSet set
                && Arrays.equals(steps, set.steps)
                && Arrays.equals(members, set.members)
                && Arrays.equals(below, set.below);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(steps) + Arrays.hashCode(members);
    }

    @Override
    public String toString() {
        return toJson().toString();
    }

    private interface MemberRule {
        boolean keeps(boolean here, boolean there);
    }

    private interface BelowRule {
        FieldSet combine(FieldSet here, FieldSet there);
    }

    private FieldSet combine(FieldSet other, MemberRule member, BelowRule lower) {
        var sink = new Sink(steps.length + other.steps.length);
        int i = 0;
        int j = 0;
        while (i < steps.length || j < other.steps.length) {
            int order = i == steps.length ? 1 : j == other.steps.length ? -1 : steps[i].compareTo(other.steps[j]);
            boolean here = order <= 0 && members[i];
            boolean there = order >= 0 && other.members[j];
            FieldSet lowerHere = order <= 0 ? below[i] : EMPTY;
            FieldSet lowerThere = order >= 0 ? other.below[j] : EMPTY;
            sink.add(
                    order <= 0 ? steps[i] : other.steps[j],
                    member.keeps(here, there),
                    lower.combine(lowerHere, lowerThere));
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return sink.done();
    }

    /** Collects steps in order and drops those that lead nowhere. */
    private static final class Sink {
        private final String[] steps;
        private final boolean[] members;
        private final FieldSet[] below;
        private int size;

        Sink(int capacity) {
            steps = new String[capacity];
            members = new boolean[capacity];
            below = new FieldSet[capacity];
        }

        void add(String step, boolean member, FieldSet children) {
            if (member || !children.isEmpty()) {
                steps[size] = step;
                members[size] = member;
                below[size++] = children;
            }
        }

        FieldSet done() {
            return size == 0
                    ? EMPTY
                    : new FieldSet(
                            Arrays.copyOf(steps, size), Arrays.copyOf(members, size), Arrays.copyOf(below, size));
        }
    }

    /** Grows sets step by step: one, or several over the same steps, told apart by a mark each. Confined to one thread. */
    static final class Builder {
        private @Nullable TreeMap<String, Builder> children;
        private int marks;

        /** The node of a step, made if missing; it is in a set only once {@link #add} is called on it. */
        Builder child(String step) {
            if (children == null) {
                children = new TreeMap<>();
            }
            return children.computeIfAbsent(step, s -> new Builder());
        }

        void add() {
            add(1);
        }

        /** @param mark one bit */
        void add(int mark) {
            marks |= mark;
        }

        FieldSet build() {
            return build(1);
        }

        /** The set of what was added with the mark. */
        FieldSet build(int mark) {
            if (children == null) {
                return EMPTY;
            }
            var sink = new Sink(children.size());
            children.forEach((step, child) -> sink.add(step, (child.marks & mark) != 0, child.build(mark)));
            return sink.done();
        }
    }
}
