package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.BuiltInSchemas;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Schemas, writers and objects for the tests of this package. */
final class Kinds {

    static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    static final Gvk CONFIG_MAP = Gvk.of("v1", "ConfigMap");
    static final Gvk DEPLOYMENT = Gvk.of("apps/v1", "Deployment");
    static final Gvk SERVICE = Gvk.of("v1", "Service");

    private static final BuiltInSchemas SCHEMAS = BuiltInSchemas.load();

    private Kinds() {}

    static Schema schema(Gvk kind) {
        return SCHEMAS.of(kind).orElseThrow();
    }

    static Writer writer(String manager, Gvk kind) {
        return writer(manager, "", kind, NOON);
    }

    static Writer writer(String manager, String subresource, Gvk kind, Instant now) {
        boolean statusApart = schema(kind).property("status").isPresent();
        return new Writer(manager, subresource, kind, statusApart, List.of("labels"), now);
    }

    /** JSON with single quotes. */
    static ObjectNode object(String json) {
        return (ObjectNode) Json.tree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    static ObjectNode configMap(String data) {
        return object("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c'},'data':" + data + "}");
    }

    /** What each manager claims, one line a manager. */
    static String managers(ObjectNode object) {
        var lines = new StringBuilder();
        for (var entry : object.path("metadata").path("managedFields")) {
            lines.append(entry.path("manager").asText())
                    .append(' ')
                    .append(entry.path("operation").asText())
                    .append(
                            entry.has("subresource")
                                    ? " " + entry.path("subresource").asText()
                                    : "")
                    .append(' ')
                    .append(entry.path("fieldsV1"))
                    .append('\n');
        }
        return lines.toString().replace('"', '\'').strip();
    }
}
