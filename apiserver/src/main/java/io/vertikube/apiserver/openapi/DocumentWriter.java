package io.vertikube.apiserver.openapi;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Definitions;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import io.vertikube.object.JsonTrees;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Writes the OpenAPI v3 document of one group-version: its paths, and every definition that they lead to, the latter
 * copied as the build wrote them. Confined to one document.
 */
final class DocumentWriter {

    private static final String REFERENCE = "#/components/schemas/";
    private static final Pattern REFERENCES = Pattern.compile("\"\\$ref\":\"" + REFERENCE + "([^\"]+)\"");
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    private final Definitions definitions;
    private final CustomSchemas customSchemas;
    private final Map<String, String> schemas = new TreeMap<>();
    private final Deque<String> wanted = new ArrayDeque<>();

    DocumentWriter(Definitions definitions, CustomSchemas customSchemas) {
        this.definitions = definitions;
        this.customSchemas = customSchemas;
    }

    /** The document, compressed with gzip. */
    byte[] write(List<ResourceType> rows) {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes);
                JsonGenerator json = JsonTrees.generator(gzip)) {
            json.writeStartObject();
            json.writeStringField("openapi", "3.0.0");
            json.writeObjectFieldStart("info");
            json.writeStringField("title", "Kubernetes");
            json.writeStringField("version", "unversioned");
            json.writeEndObject();
            json.writeFieldName("paths");
            JsonTrees.write(paths(rows), json);
            collect();
            json.writeObjectFieldStart("components");
            json.writeObjectFieldStart("schemas");
            for (var schema : schemas.entrySet()) {
                json.writeFieldName(schema.getKey());
                json.writeRawValue(schema.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write an OpenAPI document", e);
        }
        return bytes.toByteArray();
    }

    private ObjectNode paths(List<ResourceType> rows) {
        ObjectNode paths = Json.object();
        var writer = new PathWriter(this::nameOf);
        for (ResourceType row : rows) {
            writer.write(row, paths);
        }
        wanted.add(META + "Patch");
        wanted.add(META + "Status");
        wanted.add(META + "DeleteOptions");
        return paths;
    }

    /** Name of a kind's schema; asking for it brings it into the document. */
    private Optional<String> nameOf(Gvk type) {
        Optional<String> name = definitions.ofKind(type);
        if (name.isEmpty()) {
            name = custom(type);
        }
        name.ifPresent(wanted::add);
        return name;
    }

    private Optional<String> custom(Gvk type) {
        boolean list = type.kind().endsWith("List");
        Gvk item = list
                ? new Gvk(
                        type.group(),
                        type.version(),
                        type.kind().substring(0, type.kind().length() - 4))
                : type;
        Optional<ObjectNode> schema = customSchemas.of(item);
        if (schema.isEmpty()) {
            return Optional.empty();
        }
        String name = CustomDocument.name(type);
        if (schemas.containsKey(name)) {
            return Optional.of(name);
        }
        ObjectNode document =
                list ? CustomDocument.list(type, CustomDocument.name(item)) : CustomDocument.object(type, schema.get());
        put(name, document.toString());
        return Optional.of(name);
    }

    private void collect() {
        while (!wanted.isEmpty()) {
            String name = wanted.pop();
            if (!schemas.containsKey(name)) {
                put(name, new String(definitions.bytes(name), StandardCharsets.UTF_8));
            }
        }
    }

    private void put(String name, String schema) {
        schemas.put(name, schema);
        Matcher references = REFERENCES.matcher(schema);
        while (references.find()) {
            wanted.push(references.group(1));
        }
    }
}
