package io.vertikube.apiserver.resource.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.List;
import java.util.Map;

/**
 * What makes a schema structural: every value has a type outside of {@code allOf}, {@code anyOf}, {@code oneOf} and
 * {@code not}; those only add conditions to what is declared outside ("Specifying a structural schema" in the
 * documentation). Pure.
 */
final class StructuralRules {

    private static final List<String> JUNCTORS = List.of("allOf", "anyOf", "oneOf");
    private static final String INT_OR_STRING = "x-kubernetes-int-or-string";
    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
    private static final String EMBEDDED = "x-kubernetes-embedded-resource";

    /** Where a schema stands in its parent; the words that say that its type is missing. */
    private enum Level {
        ROOT("must not be empty at the root"),
        ITEM("must not be empty for specified array items"),
        FIELD("must not be empty for specified object fields");

        private final String untyped;

        Level(String untyped) {
            this.untyped = untyped;
        }
    }

    private StructuralRules() {}

    static void check(Place root, Problems problems) {
        if (!root.get("type").empty() && !root.text("type").equals("object")) {
            problems.invalid(root.get("type"), "must be object at the root");
        }
        if (root.is("nullable")) {
            problems.forbidden(root.get("nullable"), "nullable cannot be true at the root");
        }
        header(root, problems);
        node(root, Level.ROOT, problems);
    }

    private static void node(Place schema, Level level, Problems problems) {
        boolean free = schema.is(INT_OR_STRING) || schema.is(PRESERVE);
        if (schema.get("type").empty() && (!free || level == Level.ROOT)) {
            problems.required(schema.get("type"), level.untyped);
        }
        if (level != Level.ROOT && schema.is(EMBEDDED)) {
            header(schema, problems);
        }
        conditions(schema, schema, problems);
        SchemaRules.properties(schema).values().forEach(field -> node(field, Level.FIELD, problems));
        if (schema.get("items").node().isObject()) {
            node(schema.get("items"), Level.ITEM, problems);
        }
        if (schema.get("additionalProperties").node().isObject()) {
            node(schema.get("additionalProperties"), Level.FIELD, problems);
        }
    }

    /** What every object has may be declared only as it is. */
    private static void header(Place schema, Problems problems) {
        Map<String, Place> properties = SchemaRules.properties(schema);
        for (String field : List.of("apiVersion", "kind")) {
            Place text = properties.get(field);
            if (text != null && !text.text("type").equals("string")) {
                problems.invalid(text.get("type"), "must be string");
            }
        }
        Place metadata = properties.get("metadata");
        if (metadata == null) {
            return;
        }
        if (!metadata.text("type").equals("object")) {
            problems.invalid(metadata.get("type"), "must be object");
        }
        for (String name : SchemaRules.properties(metadata).keySet()) {
            if (!name.equals("name") && !name.equals("generateName")) {
                problems.forbidden(
                        metadata.get("properties").key(name),
                        "must not specify anything other than name and generateName, but metadata is implicitly"
                                + " specified");
            }
        }
        for (String part : List.of("additionalProperties", "items", PRESERVE, EMBEDDED)) {
            if (metadata.has(part)) {
                problems.forbidden(
                        metadata.get(part),
                        "must not specify anything other than name and generateName, but metadata is implicitly"
                                + " specified");
            }
        }
    }

    /** Every branch below a schema, compared with what the schema itself declares. */
    private static void conditions(Place at, Place declared, Problems problems) {
        for (String junctor : JUNCTORS) {
            List<Place> branches = at.items(junctor);
            for (int i = 0; i < branches.size(); i++) {
                boolean choice =
                        at.path().equals(declared.path()) && isIntOrStringChoice(declared, junctor, branches, i);
                if (!choice) {
                    branch(branches.get(i), declared, problems);
                }
            }
        }
        if (at.get("not").node().isObject()) {
            branch(at.get("not"), declared, problems);
        }
    }

    /** {@code anyOf: [{type: integer}, {type: string}]}, the one place where a branch may speak of types. */
    private static boolean isIntOrStringChoice(Place schema, String junctor, List<Place> branches, int index) {
        if (!schema.is(INT_OR_STRING)) {
            return false;
        }
        if (junctor.equals("anyOf")) {
            return isChoice(branches);
        }
        Place branch = branches.get(index);
        return junctor.equals("allOf") && branch.node().size() == 1 && isChoice(branch.items("anyOf"));
    }

    private static boolean isChoice(List<Place> branches) {
        return branches.size() == 2
                && isOnlyType(branches.get(0).node(), "integer")
                && isOnlyType(branches.get(1).node(), "string");
    }

    private static boolean isOnlyType(JsonNode branch, String type) {
        return branch.size() == 1 && branch.path("type").asText().equals(type);
    }

    private static void branch(Place branch, Place declared, Problems problems) {
        empty(branch, "type", problems);
        for (String field : List.of("title", "description")) {
            empty(branch, field, problems);
        }
        if (branch.has("default")) {
            problems.forbidden(branch.get("default"), "must be undefined to be structural");
        }
        if (branch.is("nullable")) {
            problems.forbidden(branch.get("nullable"), "must be false to be structural");
        }
        if (branch.has("additionalProperties")) {
            problems.forbidden(branch.get("additionalProperties"), "must be undefined to be structural");
        }
        for (String extension : List.of(EMBEDDED, INT_OR_STRING, PRESERVE)) {
            if (branch.is(extension)) {
                problems.forbidden(branch.get(extension), "must be false to be structural");
            }
        }
        for (String extension :
                List.of("x-kubernetes-list-map-keys", "x-kubernetes-list-type", "x-kubernetes-map-type")) {
            if (!branch.get(extension).empty()) {
                problems.forbidden(branch.get(extension), "must be undefined to be structural");
            }
        }
        if (!branch.get("x-kubernetes-validations").empty()) {
            problems.forbidden(branch.get("x-kubernetes-validations"), "must be empty to be structural");
        }
        SchemaRules.properties(branch).forEach((name, field) -> {
            Place outside = declared.get("properties").key(name);
            Place values = declared.get("additionalProperties");
            if (outside.present()) {
                branch(field, outside, problems);
            } else if (values.node().isObject()) {
                branch(field, values, problems);
            } else {
                missing(outside, field, problems);
            }
        });
        if (branch.get("items").node().isObject()) {
            if (declared.get("items").node().isObject()) {
                branch(branch.get("items"), declared.get("items"), problems);
            } else {
                missing(declared.get("items"), branch.get("items"), problems);
            }
        }
        conditions(branch, declared, problems);
    }

    private static void missing(Place outside, Place inside, Problems problems) {
        problems.add(FieldError.required(outside.path(), "because it is defined in " + inside.path()));
    }

    private static void empty(Place branch, String field, Problems problems) {
        if (!branch.get(field).empty()) {
            problems.forbidden(branch.get(field), "must be empty to be structural");
        }
    }
}
