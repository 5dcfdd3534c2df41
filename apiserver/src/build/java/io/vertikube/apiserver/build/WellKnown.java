package io.vertikube.apiserver.build;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** The types that have no model class: most are written as one JSON value. Confined to the build. */
final class WellKnown {

    private static final ObjectMapper JSON = new ObjectMapper();

    private WellKnown() {}

    /** As clients are shown them. */
    static Map<String, ObjectNode> definitions() {
        ObjectNode quantity = text("A fixed-point number with a unit, such as 250m, 1.5Gi or 3e6, written as a string."
                + " Decimal suffixes are n, u, m, k, M, G, T, P, E; binary ones Ki, Mi, Gi, Ti, Pi, Ei.");
        quantity.putArray("oneOf").add(type("string")).add(type("number"));
        ObjectNode intOrString = text("A whole number or a string; where a string is a percentage it ends in %.");
        intOrString.putArray("oneOf").add(type("integer")).add(type("string"));
        intOrString.put("format", "int-or-string");
        ObjectNode time =
                text("A moment, written as RFC 3339 does, to the second.").put("type", "string");
        time.put("format", "date-time");
        ObjectNode microTime =
                text("A moment, written as RFC 3339 does, to the microsecond.").put("type", "string");
        microTime.put("format", "date-time");
        ObjectNode patch = text("A change to an object, in the form that the request's content type names.");
        patch.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
        ObjectNode partial = object("An object of any kind, of which nothing but its metadata is shown.");
        property(partial, "metadata", reference("ObjectMeta"));
        ObjectNode partials = object("A list of objects of any kind, of which nothing but their metadata is shown.");
        property(partials, "metadata", reference("ListMeta"));
        ObjectNode items = property(partials, "items", type("array"));
        items.set("items", reference("PartialObjectMetadata"));
        return Map.of(
                TypeNames.META + "PartialObjectMetadata",
                partial,
                TypeNames.META + "PartialObjectMetadataList",
                partials,
                TypeNames.META + "Patch",
                patch,
                TypeNames.QUANTITY,
                quantity,
                TypeNames.INT_OR_STRING,
                intOrString,
                TypeNames.META + "Time",
                time,
                TypeNames.META + "MicroTime",
                microTime);
    }

    /** As the server works with them. */
    static Map<String, ObjectNode> structure() {
        return Map.of(
                TypeNames.QUANTITY,
                type("string").put("format", "quantity"),
                TypeNames.INT_OR_STRING,
                JSON.createObjectNode().put("x-kubernetes-int-or-string", true),
                TypeNames.META + "Time",
                type("string").put("format", "date-time"),
                TypeNames.META + "MicroTime",
                type("string").put("format", "micro-time"));
    }

    private static ObjectNode text(String description) {
        return JSON.createObjectNode().put("description", description);
    }

    private static ObjectNode object(String description) {
        return text(description).put("type", "object");
    }

    private static ObjectNode property(ObjectNode of, String name, ObjectNode schema) {
        of.withObject("/properties").set(name, schema);
        return schema;
    }

    private static ObjectNode reference(String metaType) {
        ObjectNode schema = JSON.createObjectNode();
        schema.putArray("allOf").addObject().put("$ref", "#/components/schemas/" + TypeNames.META + metaType);
        return schema;
    }

    private static ObjectNode type(String name) {
        return JSON.createObjectNode().put("type", name);
    }
}
