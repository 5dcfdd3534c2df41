package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.schema.BuiltInSchemas;
import io.vertikube.apiserver.schema.Defaulter;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import io.vertikube.object.JsonTrees;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Reads tables of cases, and does to an object what a server does before it asks the rules. */
public final class Cases {

    private static final BuiltInSchemas SCHEMAS = BuiltInSchemas.load();

    private Cases() {}

    public static List<JsonNode> read(String resource) {
        try (InputStream in = Cases.class.getResourceAsStream(resource)) {
            var cases = new ArrayList<JsonNode>();
            JsonTrees.read(in).forEach(cases::add);
            return cases;
        } catch (IOException e) {
            throw new IllegalStateException(resource, e);
        }
    }

    public static ResourceType type(JsonNode object) {
        return Catalog.builtIn()
                .require(Gvk.of(
                        object.path("apiVersion").asText(), object.path("kind").asText()));
    }

    /** The object with its defaults, in a namespace, with an identity. */
    public static ObjectNode decoded(JsonNode source) {
        ObjectNode object = source.deepCopy();
        ResourceType type = type(object);
        if (type.namespaced()) {
            Trees.object(object, "metadata").put("namespace", "shop");
        }
        Defaulter.applyDefaults(SCHEMAS.of(type.gvk()).orElseThrow(), object);
        Strategies.of(type).applyDefaults(object);
        Trees.object(object, "metadata").put("uid", "u-1");
        return object;
    }

    /** A pod, deployment or other object written as JSON with single quotes. */
    public static ObjectNode object(String json) {
        return decoded(Json.tree(json.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }
}
