package io.vertikube.apiserver.resource.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import java.util.List;
import java.util.function.Consumer;

/**
 * The rules of what each version says of its objects. What all versions say alike is named once, at the top of the spec,
 * which is how Kubernetes' errors name it. Pure.
 */
final class VersionRules {

    private VersionRules() {}

    static void check(Place spec, Problems problems) {
        schemas(spec, problems);
        part(spec, "subresources", "subresources", place -> PathRules.scale(place.get("scale"), problems));
        part(
                spec,
                "additionalPrinterColumns",
                "additionalPrinterColumns",
                place -> place.items().forEach(column -> PathRules.column(column, problems)));
        List<Place> versions = spec.items("versions");
        boolean alike = alike(versions, "selectableFields") && alike(versions, "schema");
        for (Place version : versions) {
            Place fields = version.get("selectableFields");
            PathRules.selectable(
                    alike ? fields.at(spec.path() + ".selectableFields") : fields,
                    version.node().path("schema").path("openAPIV3Schema"),
                    problems);
            if (alike) {
                return;
            }
        }
    }

    private static void schemas(Place spec, Problems problems) {
        for (Place version : spec.items("versions")) {
            Place schema = version.get("schema", "openAPIV3Schema");
            if (!schema.present()) {
                problems.required(schema, "schemas are required");
            }
        }
        eachSchema(spec, schema -> {
            SchemaRules.check(schema, problems);
            StructuralRules.check(schema, problems);
        });
    }

    /** Every schema that is stated, or the one that all versions share. */
    static void eachSchema(Place spec, Consumer<Place> check) {
        part(spec, "schema", "validation", place -> {
            if (place.get("openAPIV3Schema").node().isObject()) {
                check.accept(place.get("openAPIV3Schema"));
            }
        });
    }

    private static void part(Place spec, String field, String shared, Consumer<Place> check) {
        List<Place> versions = spec.items("versions");
        if (!versions.isEmpty() && alike(versions, field)) {
            check.accept(versions.getFirst().get(field).at(spec.path() + "." + shared));
        } else {
            versions.forEach(version -> check.accept(version.get(field)));
        }
    }

    private static boolean alike(List<Place> versions, String field) {
        if (versions.isEmpty()) {
            return true;
        }
        JsonNode first = versions.getFirst().node().path(field);
        return versions.stream().allMatch(version -> version.node().path(field).equals(first));
    }
}
