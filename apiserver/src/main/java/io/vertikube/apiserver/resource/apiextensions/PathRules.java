package io.vertikube.apiserver.resource.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.table.JsonPath;
import io.vertikube.object.FieldError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules of what names fields by JSONPath: printer columns, subresources, selectable fields. Pure. */
final class PathRules {

    private static final List<String> TYPES = List.of("boolean", "date", "integer", "number", "string");
    private static final List<String> FORMATS =
            List.of("byte", "date", "date-time", "double", "float", "int32", "int64", "password");
    private static final Set<String> SELECTABLE = Set.of("string", "boolean", "integer");
    private static final int MOST_SELECTABLE = 8;
    private static final Pattern PLAIN = Pattern.compile("(\\.[A-Za-z_$][A-Za-z0-9_$-]*)+");

    private PathRules() {}

    static void column(Place column, Problems problems) {
        problems.require(column.get("name"), "");
        if (problems.require(column.get("type"), "") && !TYPES.contains(column.text("type"))) {
            problems.invalid(column.get("type"), "must be one of " + String.join(",", TYPES));
        }
        if (!column.get("format").empty() && !FORMATS.contains(column.text("format"))) {
            problems.invalid(column.get("format"), "must be one of " + String.join(",", FORMATS));
        }
        Place path = column.get("jsonPath").at(column.path() + ".JSONPath");
        if (problems.require(path, "")) {
            simple(path, problems);
        }
    }

    /** {@code subresources.scale}. */
    static void scale(Place scale, Problems problems) {
        if (!scale.present()) {
            return;
        }
        under(scale.get("specReplicasPath"), true, List.of(".spec."), ".spec", problems);
        under(scale.get("statusReplicasPath"), true, List.of(".status."), ".status", problems);
        under(
                scale.get("labelSelectorPath"),
                false,
                List.of(".spec.", ".status."),
                "either .spec or .status",
                problems);
    }

    private static void under(Place path, boolean required, List<String> roots, String named, Problems problems) {
        if (path.empty()) {
            if (required) {
                problems.required(path);
            }
        } else if (simple(path, problems)) {
            if (!PLAIN.matcher(path.text()).matches()) {
                problems.invalid(path, "should be a simple json path without array notation");
            } else if (roots.stream().noneMatch(root -> path.text().startsWith(root))) {
                problems.invalid(path, "should be a json path under " + named);
            }
        }
    }

    /** {@code selectableFields} of a version with this schema. */
    static void selectable(Place fields, JsonNode schema, Problems problems) {
        if (fields.items().size() > MOST_SELECTABLE) {
            problems.add(FieldError.tooMany(fields.path(), fields.items().size(), MOST_SELECTABLE));
        }
        Set<String> seen = new HashSet<>();
        for (Place field : fields.items()) {
            Place path = field.get("jsonPath");
            if (!problems.require(path, "") || !simple(path, problems)) {
                continue;
            }
            if (!seen.add(path.text())) {
                problems.duplicate(path);
            } else if (path.text().startsWith(".metadata.") || path.text().equals(".metadata")) {
                problems.invalid(path, "must not point to fields in metadata");
            } else if (!PLAIN.matcher(path.text()).matches()) {
                problems.invalid(path, "is an invalid path: only field names separated by dots are allowed");
            } else {
                pointsToScalar(path, schema, problems);
            }
        }
    }

    private static void pointsToScalar(Place path, JsonNode schema, Problems problems) {
        JsonNode at = schema;
        for (String name : path.text().substring(1).split("\\.", -1)) {
            at = at.path("properties").path(name);
            if (at.isMissingNode()) {
                problems.invalid(path, "is an invalid path: does not refer to a valid field");
                return;
            }
        }
        if (!SELECTABLE.contains(at.path("type").asText())) {
            problems.invalid(
                    path,
                    "must point to a field of type string, boolean or integer. Enum string fields and strings with"
                            + " formats are allowed.");
        }
    }

    private static boolean simple(Place path, Problems problems) {
        if (!path.text().startsWith(".")) {
            problems.invalid(path, "must be a simple json path starting with .");
            return false;
        }
        if (!JsonPath.parse(path.text()).isReadable()) {
            problems.invalid(path, "is no simple json path: names, [index], [*] and [?(@.name==\"value\")] are");
            return false;
        }
        return true;
    }
}
