package io.vertikube.object;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import com.fasterxml.jackson.datatype.jsr310.ser.ZonedDateTimeSerializer;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZonedDateTime;

/**
 * Objects, trees and their JSON: trees token by token ({@link JsonTrees}), typed objects by one mapper. Unknown fields are ignored (fabric8 types
 * keep them aside and write them again), absent values are left out, times are RFC 3339. Safe for any thread.
 */
public final class Json {

    /** Made when the first object of a type is read or written; a server of trees starts without it. */
    private static final class Mapper {
        static final ObjectMapper SHARED = JsonMapper.builder(JsonTrees.factory())
                .addModule(times())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .addMixIn(ObjectMeta.class, ManagersReader.Place.class)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                .build();
    }

    private Json() {}

    /** The one class of the platform's times that the models use; a module for all of them loads seventy classes. */
    private static SimpleModule times() {
        return new SimpleModule("times")
                .addSerializer(ZonedDateTime.class, ZonedDateTimeSerializer.INSTANCE)
                .addDeserializer(ZonedDateTime.class, InstantDeserializer.ZONED_DATE_TIME);
    }

    /** Shared and never reconfigured. */
    public static ObjectMapper mapper() {
        return Mapper.SHARED;
    }

    /** An empty tree. */
    public static ObjectNode object() {
        return JsonTrees.object();
    }

    /** An empty list of trees. */
    public static ArrayNode array() {
        return JsonTrees.array();
    }

    /** The object as UTF-8 JSON. */
    public static byte[] bytes(Object object) {
        if (object instanceof JsonNode tree) {
            return JsonTrees.bytes(tree);
        }
        try {
            return mapper().writeValueAsBytes(object);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("cannot write " + object.getClass().getSimpleName() + " as JSON", e);
        }
    }

    /** Reads JSON into a type; bytes that are no JSON of that shape are an {@link UncheckedIOException}. */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            return mapper().readValue(json, type);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a " + type.getSimpleName() + " from JSON", e);
        }
    }

    /**
     * Reads a type as those do who only act on it: without {@code metadata.managedFields}, which are a third of a small
     * object. An object that is written without them keeps what the server knows.
     */
    public static ObjectReader withoutManagers(Class<?> type) {
        return mapper().readerFor(type).withAttribute(ManagersReader.LEFT_OUT, true);
    }

    /** Reads JSON into a tree; bytes that are no JSON are an {@link UncheckedIOException}. */
    public static JsonNode tree(byte[] json) {
        try {
            return JsonTrees.read(json);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read JSON", e);
        }
    }

    /** A tree as an object of a type. */
    public static <T> T fromTree(JsonNode tree, Class<T> type) {
        try {
            return mapper().treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("cannot read a " + type.getSimpleName() + " from a tree", e);
        }
    }

    /** A deep copy by way of JSON; cached objects are shared, so change a copy. */
    @SuppressWarnings("unchecked")
    public static <T> T copy(T object) {
        return (T) read(bytes(object), object.getClass());
    }
}
