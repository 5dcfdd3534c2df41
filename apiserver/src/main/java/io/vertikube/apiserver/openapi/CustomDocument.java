package io.vertikube.apiserver.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The schemas that clients are shown of a custom resource: its own, with what every object has. Pure functions. */
final class CustomDocument {

    private static final String META = "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.";

    private CustomDocument() {}

    /** {@code stable.example.com/v1 CronTab} is named {@code com.example.stable.v1.CronTab}. */
    static String name(Gvk type) {
        List<String> parts = Arrays.asList(type.group().split("\\."));
        Collections.reverse(parts);
        return String.join(".", parts) + "." + type.version() + "." + type.kind();
    }

    static ObjectNode object(Gvk type, ObjectNode schema) {
        ObjectNode whole = schema.deepCopy();
        whole.put("type", "object");
        ObjectNode properties = whole.withObject("/properties");
        header(properties);
        properties.set("metadata", reference(META + "ObjectMeta"));
        kind(whole, type);
        return whole;
    }

    static ObjectNode list(Gvk type, String item) {
        ObjectNode whole = Json.object();
        whole.put("description", type.kind() + " is a list of " + item).put("type", "object");
        whole.putArray("required").add("items");
        ObjectNode properties = whole.putObject("properties");
        header(properties);
        properties.set("metadata", reference(META + "ListMeta"));
        properties
                .putObject("items")
                .put("type", "array")
                .putObject("items")
                .put("$ref", "#/components/schemas/" + item);
        kind(whole, type);
        return whole;
    }

    private static void header(ObjectNode properties) {
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
    }

    private static ObjectNode reference(String to) {
        ObjectNode schema = Json.object();
        schema.putArray("allOf").addObject().put("$ref", to);
        return schema;
    }

    private static void kind(ObjectNode schema, Gvk type) {
        schema.putArray("x-kubernetes-group-version-kind")
                .addObject()
                .put("group", type.group())
                .put("kind", type.kind())
                .put("version", type.version());
    }
}
