package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.BodyReader.Body;
import io.vertikube.apiserver.schema.BodyReader.Unreadable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON bytes to a tree. Reads token by token because a tree cannot tell that a field came twice: the last one wins, and
 * the strict error says where. Confined to one read.
 */
final class JsonBody {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonParser parser;
    private final DecodeLimits limits;
    private final FieldPath path = new FieldPath();
    private final List<String> duplicates = new ArrayList<>();

    private JsonBody(JsonParser parser, DecodeLimits limits) {
        this.parser = parser;
        this.limits = limits;
    }

    /** A factory that keeps to the limits; costly to make, safe to share. */
    static JsonFactory factory(DecodeLimits limits) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.nestingDepth())
                        .maxStringLength(limits.bodyBytes())
                        .build())
                .build();
    }

    static Body read(byte[] json, JsonFactory factory, DecodeLimits limits) throws Unreadable {
        try (JsonParser parser = factory.createParser(json)) {
            var reading = new JsonBody(parser, limits);
            if (parser.nextToken() == null) {
                throw new Unreadable("couldn't get version/kind; json parse error: unexpected end of JSON input");
            }
            JsonNode tree = reading.value();
            if (parser.nextToken() != null) {
                throw new Unreadable("couldn't get version/kind; json parse error: invalid character after top-level "
                        + "value at line " + parser.currentTokenLocation().getLineNr());
            }
            return new Body(tree, reading.duplicates);
        } catch (StreamConstraintsException e) {
            throw new Unreadable("the body is nested deeper than " + limits.nestingDepth()
                    + " or holds a number or name that is too long: " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            if (e.getOriginalMessage().startsWith("Unexpected end-of-input")) {
                throw new Unreadable("couldn't get version/kind; json parse error: unexpected end of JSON input");
            }
            throw new Unreadable("couldn't get version/kind; json parse error: " + e.getOriginalMessage() + " at line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw new Unreadable("couldn't get version/kind; json parse error: " + e.getMessage());
        }
    }

    private JsonNode value() throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    private JsonNode integer() throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    private ObjectNode object() throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            path.field(name);
            if (object.has(name) && duplicates.size() < limits.strictErrors()) {
                duplicates.add("duplicate field \"" + path + "\"");
            }
            parser.nextToken();
            object.set(name, value());
            path.up();
        }
        return object;
    }

    private ArrayNode array() throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            path.index(array.size());
            array.add(value());
            path.up();
        }
        return array;
    }
}
