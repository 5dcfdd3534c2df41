package io.vertikube.object;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import com.fasterxml.jackson.datatype.jsr310.ser.ZonedDateTimeSerializer;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZonedDateTime;

/**
 * The one JSON mapper. Unknown fields are ignored (fabric8 types keep them aside and write them again), absent values
 * are left out, times are RFC 3339. Safe for any thread.
 */
public final class Json {

    /** Shared and never reconfigured. */
    public static final ObjectMapper MAPPER = JsonMapper.builder(factory())
            .addModule(times())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addMixIn(ObjectMeta.class, ManagersReader.Place.class)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    static {
        MAPPER.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(1000).build());
    }

    private Json() {}

    /** The one class of the platform's times that the models use; a module for all of them loads seventy classes. */
    private static SimpleModule times() {
        return new SimpleModule("times")
                .addSerializer(ZonedDateTime.class, ZonedDateTimeSerializer.INSTANCE)
                .addDeserializer(ZonedDateTime.class, InstantDeserializer.ZONED_DATE_TIME);
    }

    /** Virtual threads come and go, so what a thread would keep for its next document would be made for each. */
    private static JsonFactory factory() {
        return JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                .build();
    }

    /** The object as UTF-8 JSON. */
    public static byte[] bytes(Object object) {
        try {
            return MAPPER.writeValueAsBytes(object);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("cannot write " + object.getClass().getSimpleName() + " as JSON", e);
        }
    }

    /** Reads JSON into a type; bytes that are no JSON of that shape are an {@link UncheckedIOException}. */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a " + type.getSimpleName() + " from JSON", e);
        }
    }

    /**
     * Reads a type as those do who only act on it: without {@code metadata.managedFields}, which are a third of a small
     * object. An object that is written without them keeps what the server knows.
     */
    public static ObjectReader withoutManagers(Class<?> type) {
        return MAPPER.readerFor(type).withAttribute(ManagersReader.LEFT_OUT, true);
    }

    /** Reads JSON into a tree. */
    public static JsonNode tree(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read JSON", e);
        }
    }

    /** A tree as an object of a type. */
    public static <T> T fromTree(JsonNode tree, Class<T> type) {
        try {
            return MAPPER.treeToValue(tree, type);
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
