package io.vertikube.object;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * Reads and writes trees by the tokens alone. A mapper does the same, and asks for the properties of the type first:
 * three hundred classes and half a second of a cold JVM, which a server of trees need not wait for. Pure functions.
 */
public final class JsonTrees {

    /** Of objects and arrays in one another. */
    static final int DEEPEST = 1000;

    private static final JsonFactory FACTORY = factory();
    private static final int USUAL_BYTES = 4096;

    private JsonTrees() {}

    /**
     * Virtual threads come and go, so what a thread would keep for its next document would be made for each. A character
     * outside the basic plane is written as itself, not as two escapes.
     */
    static JsonFactory factory() {
        return JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                .build();
    }

    /** An empty object. */
    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** An empty array. */
    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    public static JsonParser parser(byte[] json) throws IOException {
        return FACTORY.createParser(json);
    }

    /**
     * The first document; the missing node if there is none.
     *
     * @throws JsonParseException if it is no JSON
     */
    public static JsonNode read(byte[] json) throws IOException {
        return first(FACTORY.createParser(json));
    }

    /** As {@link #read(byte[])}; the stream is closed. */
    public static JsonNode read(InputStream json) throws IOException {
        return first(FACTORY.createParser(json));
    }

    /** As {@link #read(byte[])}. */
    public static JsonNode read(String json) throws IOException {
        return first(FACTORY.createParser(json));
    }

    private static JsonNode first(JsonParser json) throws IOException {
        try (json) {
            return json.nextToken() == null ? JsonNodeFactory.instance.missingNode() : read(json);
        }
    }

    /** The value that begins at the parser's token; of a name that comes twice the last counts. */
    public static JsonNode read(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = object();
                for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                    json.nextToken();
                    object.set(name, read(json));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = array();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    array.add(read(json));
                }
                yield array;
            }
            case VALUE_STRING -> TextNode.valueOf(json.getText());
            case VALUE_NUMBER_INT ->
                switch (json.getNumberType()) {
                    case INT -> IntNode.valueOf(json.getIntValue());
                    case LONG -> LongNode.valueOf(json.getLongValue());
                    default -> JsonNodeFactory.instance.numberNode(json.getBigIntegerValue());
                };
            case VALUE_NUMBER_FLOAT -> DoubleNode.valueOf(json.getDoubleValue());
            case VALUE_TRUE -> BooleanNode.TRUE;
            case VALUE_FALSE -> BooleanNode.FALSE;
            case VALUE_NULL -> JsonNodeFactory.instance.nullNode();
            default -> throw new JsonParseException(json, "no value begins with " + json.currentToken());
        };
    }

    /** The tree as UTF-8 JSON. */
    public static byte[] bytes(JsonNode tree) {
        try (var out = new ByteArrayBuilder(USUAL_BYTES);
                JsonGenerator json = FACTORY.createGenerator(out)) {
            write(tree, json);
            json.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("cannot write a tree as JSON", e);
        }
    }

    public static JsonGenerator generator(OutputStream out) throws IOException {
        return FACTORY.createGenerator(out);
    }

    public static void write(JsonNode tree, JsonGenerator json) throws IOException {
        switch (tree) {
            case ObjectNode object -> {
                json.writeStartObject();
                for (Map.Entry<String, JsonNode> field : object.properties()) {
                    json.writeFieldName(field.getKey());
                    write(field.getValue(), json);
                }
                json.writeEndObject();
            }
            case ArrayNode array -> {
                json.writeStartArray();
                for (JsonNode element : array) {
                    write(element, json);
                }
                json.writeEndArray();
            }
            case TextNode text -> json.writeString(text.textValue());
            case BooleanNode flag -> json.writeBoolean(flag.booleanValue());
            case IntNode number -> json.writeNumber(number.intValue());
            case LongNode number -> json.writeNumber(number.longValue());
            default -> tree.serialize(json, Json.mapper().getSerializerProviderInstance());
        }
    }
}
