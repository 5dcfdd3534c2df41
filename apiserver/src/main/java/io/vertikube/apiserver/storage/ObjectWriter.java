package io.vertikube.apiserver.storage;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.JsonTrees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Writes a tree as it is stored: {@code apiVersion}, {@code kind}, {@code metadata} first and without {@code
 * metadata.resourceVersion}, which is the revision and is spliced in on the way out. Pure functions.
 */
final class ObjectWriter {

    private static final String RESOURCE_VERSION = "resourceVersion";

    private ObjectWriter() {}

    static byte[] bytes(ObjectNode object) {
        try (var out = new ByteArrayBuilder(4096);
                JsonGenerator json = JsonTrees.generator(out)) {
            json.writeStartObject();
            writeIfPresent(json, "apiVersion", object);
            writeIfPresent(json, "kind", object);
            json.writeFieldName("metadata");
            json.writeStartObject();
            if (object.get("metadata") instanceof ObjectNode metadata) {
                for (Map.Entry<String, JsonNode> field : metadata.properties()) {
                    if (!field.getKey().equals(RESOURCE_VERSION)) {
                        write(json, field.getKey(), field.getValue());
                    }
                }
            }
            json.writeEndObject();
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                switch (field.getKey()) {
                    case "apiVersion", "kind", "metadata" -> {}
                    default -> write(json, field.getKey(), field.getValue());
                }
            }
            json.writeEndObject();
            json.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write an object as JSON", e);
        }
    }

    private static void writeIfPresent(JsonGenerator json, String name, ObjectNode object) throws IOException {
        JsonNode value = object.get(name);
        if (value != null) {
            write(json, name, value);
        }
    }

    private static void write(JsonGenerator json, String name, JsonNode value) throws IOException {
        json.writeFieldName(name);
        JsonTrees.write(value, json);
    }
}
