package io.vertikube.apiserver.resource.apiextensions;

import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How lists are told to be merged: {@code x-kubernetes-list-type} and {@code x-kubernetes-list-map-keys}. Pure. */
final class ListRules {

    private static final String TYPE = "x-kubernetes-list-type";
    private static final String KEYS = "x-kubernetes-list-map-keys";

    private ListRules() {}

    static void check(Place schema, Problems problems) {
        Place type = schema.get(TYPE);
        Place keys = schema.get(KEYS);
        if (type.present()) {
            problems.supported(type, List.of("atomic", "map", "set"));
            typeIs(schema, "array", TYPE, problems);
        }
        if (!keys.empty() && !type.present()) {
            problems.required(type, "must be map if x-kubernetes-list-map-keys is non-empty");
        } else if (!keys.empty() && !type.text().equals("map")) {
            problems.invalid(type, "must be map if x-kubernetes-list-map-keys is non-empty");
        }
        switch (type.text()) {
            case "map" -> map(schema, keys, problems);
            case "set" -> set(schema.get("items"), problems);
            default -> {}
        }
    }

    static void typeIs(Place schema, String wanted, String because, Problems problems) {
        String detail = "must be " + wanted + " if " + because + " is specified";
        if (schema.get("type").empty()) {
            problems.required(schema.get("type"), detail);
        } else if (!schema.text("type").equals(wanted)) {
            problems.invalid(schema.get("type"), detail);
        }
    }

    private static void map(Place schema, Place keys, Problems problems) {
        Place items = schema.get("items");
        if (keys.empty()) {
            problems.required(keys, "must not be empty if x-kubernetes-list-type is map");
        }
        if (!items.present()) {
            problems.required(items, "must have a schema if x-kubernetes-list-type is map");
            return;
        }
        if (!items.text("type").equals("object")) {
            problems.invalid(items.get("type"), "must be object if parent array's x-kubernetes-list-type is map");
        }
        if (items.is("nullable")) {
            problems.forbidden(items.get("nullable"), "cannot be nullable when x-kubernetes-list-type is map");
        }
        Map<String, Place> properties = SchemaRules.properties(items);
        List<String> required = items.get("required").texts();
        Set<String> seen = new HashSet<>();
        for (String key : keys.texts()) {
            Place property = properties.get(key);
            if (property == null) {
                problems.invalid(keys, "entries must all be names of item properties");
                continue;
            }
            if (property.text("type").equals("array") || property.text("type").equals("object")) {
                problems.invalid(
                        property.get("type"), "must be a scalar type if parent array's x-kubernetes-list-type is map");
            }
            if (property.is("nullable")) {
                problems.forbidden(property.get("nullable"), "cannot be nullable when x-kubernetes-list-type is map");
            }
            if (!property.has("default") && !required.contains(key)) {
                problems.required(
                        property.get("default"),
                        "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required"
                                + " property");
            }
            if (!seen.add(key)) {
                problems.invalid(keys, "must not contain duplicate entries");
            }
        }
    }

    private static void set(Place items, Problems problems) {
        String mustBeAtomic = "must be atomic as item of a list with x-kubernetes-list-type=set";
        if (items.is("nullable")) {
            problems.forbidden(items.get("nullable"), "cannot be nullable when x-kubernetes-list-type is set");
        }
        switch (items.text("type")) {
            case "object" -> {
                if (!items.text("x-kubernetes-map-type").equals("atomic")) {
                    problems.invalid(items.get("x-kubernetes-map-type"), mustBeAtomic);
                }
            }
            case "array" -> {
                Place inner = items.get(TYPE);
                if (inner.present() && !inner.text().equals("atomic")) {
                    problems.invalid(inner, mustBeAtomic);
                }
            }
            default -> {}
        }
    }
}
