package io.vertikube.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A structural schema as expressions see it: its type, what its parts are called, and how large values can become. What has
 * no schema has no place in it, as in Kubernetes. Immutable.
 */
final class CelSchema {

    /** How values appear in expressions. */
    enum Kind {
        OBJECT,
        MAP,
        LIST,
        STRING,
        TIMESTAMP,
        DATE,
        DURATION,
        BYTES,
        INT,
        DOUBLE,
        BOOL,
        ANY
    }

    private static final long UNSET = -1;

    final Kind kind;
    final CelType type;
    /** The type as the schema names it. */
    final String typeName;
    /** Of objects: by the name in the tree. */
    final Map<String, Field> fields;
    /** Of objects: by the name in expressions. */
    final Map<String, Field> escaped;
    /** Of lists and maps: what they hold. */
    final @Nullable CelSchema element;

    final String listType;
    final List<String> listKeys;
    /** The declared bound of a list's items, a map's entries or a text's characters; -1 if there is none. */
    final long bound;
    /** The fewest bytes that a value takes in JSON. */
    final long smallest;

    /** A property under both of its names. */
    record Field(String name, String escaped, CelSchema schema) {}

    private CelSchema(
            Kind kind,
            CelType type,
            JsonNode schema,
            Map<String, Field> fields,
            @Nullable CelSchema element,
            long bound,
            long smallest) {
        this.kind = kind;
        this.type = type;
        this.typeName = schema.path("type").asText("");
        this.fields = fields;
        this.element = element;
        this.bound = bound;
        this.smallest = smallest;
        this.listType = schema.path("x-kubernetes-list-type").asText("atomic");
        List<String> keys = new ArrayList<>();
        schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
        this.listKeys = List.copyOf(keys);
        Map<String, Field> byEscaped = new LinkedHashMap<>();
        fields.values().forEach(f -> byEscaped.put(f.escaped, f));
        this.escaped = byEscaped;
    }

    /**
     * Reads the schema of a whole custom object. Its types are named below a word that is no variable: a type called
     * {@code self.spec} would be what {@code self.spec} means in a rule.
     */
    static Optional<CelSchema> ofRoot(JsonNode schema) {
        return of(schema, "selfType", true);
    }

    /**
     * Reads a schema.
     *
     * @param name of its type, unique within an environment
     * @param resource whether it is a whole object, with kind, API version and metadata
     * @return empty for a schema that expressions cannot look into
     */
    static Optional<CelSchema> of(JsonNode schema, String name, boolean resource) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return Optional.of(new CelSchema(Kind.ANY, SimpleType.DYN, schema, Map.of(), null, UNSET, 1));
        }
        return switch (resource ? "object" : schema.path("type").asText("")) {
            case "array" ->
                child(schema.path("items"), name + ".@idx")
                        .map(items -> new CelSchema(
                                Kind.LIST,
                                ListType.create(items.type),
                                schema,
                                Map.of(),
                                items,
                                schema.path("maxItems").asLong(UNSET),
                                2));
            case "object" -> object(schema, name, resource);
            case "string" -> Optional.of(string(schema));
            case "integer" -> scalar(Kind.INT, SimpleType.INT, schema, 1);
            case "number" -> scalar(Kind.DOUBLE, SimpleType.DOUBLE, schema, 1);
            case "boolean" -> scalar(Kind.BOOL, SimpleType.BOOL, schema, 4);
            default -> Optional.empty();
        };
    }

    private static Optional<CelSchema> scalar(Kind kind, CelType type, JsonNode schema, long smallest) {
        return Optional.of(new CelSchema(kind, type, schema, Map.of(), null, 1, smallest));
    }

    private static Optional<CelSchema> child(JsonNode schema, String name) {
        return of(schema, name, schema.path("x-kubernetes-embedded-resource").asBoolean());
    }

    private static Optional<CelSchema> object(JsonNode schema, String name, boolean resource) {
        if (schema.path("additionalProperties").isObject() && !resource) {
            return child(schema.path("additionalProperties"), name + ".@elem")
                    .map(values -> new CelSchema(
                            Kind.MAP,
                            MapType.create(SimpleType.STRING, values.type),
                            schema,
                            Map.of(),
                            values,
                            schema.path("maxProperties").asLong(UNSET),
                            2));
        }
        Map<String, Field> fields = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            add(fields, property.getKey(), child(property.getValue(), name + "." + property.getKey()));
        }
        if (resource) {
            header(fields, name);
        }
        long smallest = 2;
        for (JsonNode required : schema.path("required")) {
            @Nullable Field field = fields.get(required.asText());
            smallest += field == null ? 0 : field.name.length() + 3 + field.schema.smallest;
        }
        return Optional.of(new CelSchema(Kind.OBJECT, struct(name, fields), schema, fields, null, UNSET, smallest));
    }

    private static void add(Map<String, Field> fields, String name, Optional<CelSchema> schema) {
        if (schema.isPresent()) {
            Names.escape(name).ifPresent(escaped -> fields.put(name, new Field(name, escaped, schema.get())));
        }
    }

    /** What every object has and rules may look at. */
    private static void header(Map<String, Field> fields, String name) {
        JsonNode text = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                .objectNode()
                .put("type", "string")
                .put("maxLength", 253);
        fields.put("apiVersion", new Field("apiVersion", "apiVersion", string(text)));
        fields.put("kind", new Field("kind", "kind", string(text)));
        Map<String, Field> metadata = new LinkedHashMap<>();
        metadata.put("name", new Field("name", "name", string(text)));
        metadata.put("generateName", new Field("generateName", "generateName", string(text)));
        JsonNode none = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                .objectNode()
                .put("type", "object");
        var schema = new CelSchema(Kind.OBJECT, struct(name + ".metadata", metadata), none, metadata, null, UNSET, 2);
        fields.put("metadata", new Field("metadata", "metadata", schema));
    }

    private static StructType struct(String name, Map<String, Field> fields) {
        Map<String, CelType> types = new LinkedHashMap<>();
        fields.values().forEach(f -> types.put(f.escaped, f.schema.type));
        return Types.struct(name, types);
    }

    private static CelSchema string(JsonNode schema) {
        long declared = schema.path("maxLength").asLong(UNSET);
        return switch (schema.path("format").asText("")) {
            case "byte" -> new CelSchema(Kind.BYTES, SimpleType.BYTES, schema, Map.of(), null, declared, 2);
            case "duration" -> new CelSchema(Kind.DURATION, SimpleType.DURATION, schema, Map.of(), null, 32, 3);
            case "date-time" -> new CelSchema(Kind.TIMESTAMP, SimpleType.TIMESTAMP, schema, Map.of(), null, 36, 22);
            case "date" -> new CelSchema(Kind.DATE, SimpleType.TIMESTAMP, schema, Map.of(), null, 12, 12);
            default -> new CelSchema(Kind.STRING, SimpleType.STRING, schema, Map.of(), null, textBound(schema), 2);
        };
    }

    private static long textBound(JsonNode schema) {
        long longest = UNSET;
        for (JsonNode value : schema.path("enum")) {
            longest = Math.max(longest, value.asText().length());
        }
        // Kubernetes counts four bytes a character.
        long declared = schema.path("maxLength").asLong(UNSET);
        return longest >= 0 ? longest : declared < 0 ? UNSET : 4 * declared;
    }

    /** How many characters, items or entries a value can have. */
    long largest(CelLimits limits) {
        if (bound >= 0) {
            return bound;
        }
        return switch (kind) {
            case LIST -> element == null ? 0 : limits.requestBytes() / (element.smallest + 1);
            case MAP -> element == null ? 0 : limits.requestBytes() / (element.smallest + 6);
            case STRING, BYTES, ANY -> limits.requestBytes() - 2;
            default -> 1;
        };
    }

    /** The types of all objects in it, by their names. */
    void collect(Map<String, CelType> types) {
        if (type instanceof StructType) {
            types.put(type.name(), type);
        }
        fields.values().forEach(f -> f.schema.collect(types));
        if (element != null) {
            element.collect(types);
        }
    }
}
