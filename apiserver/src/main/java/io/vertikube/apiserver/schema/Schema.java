package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one value may be: a node of a structural schema in the sense of Kubernetes' API reference. A field that refers to
 * a named type shares the type's {@link Shape}, looked up when first asked for (types may contain themselves), and has
 * its own {@link Usage}. Immutable to the eye, safe for any thread.
 */
public final class Schema {

    /** The JSON type of a value; {@code ANY} where the schema does not say. */
    public enum Type {
        OBJECT,
        ARRAY,
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN,
        ANY
    }

    /** How the items of a list are told apart ({@code x-kubernetes-list-type}). */
    public enum ListType {
        ATOMIC,
        SET,
        MAP
    }

    /** Whether the fields of an object have owners of their own ({@code x-kubernetes-map-type}). */
    public enum MapType {
        GRANULAR,
        ATOMIC
    }

    /**
     * What a value consists of; what a named type has in common wherever it is used.
     *
     * @param definition name of the type, such as {@code io.k8s.api.core.v1.PodSpec}; empty for an inline one
     * @param format such as {@code int32}, {@code int64}, {@code date-time}, {@code micro-time}, {@code byte}, {@code
     *     quantity}, {@code int-or-string}; empty if none
     */
    record Shape(
            String definition,
            Type type,
            String format,
            Map<String, Schema> properties,
            @Nullable Schema items,
            @Nullable Schema additionalProperties,
            Set<String> required,
            @Nullable MapType mapType,
            boolean intOrString,
            boolean preserveUnknownFields,
            boolean embeddedResource,
            List<JsonNode> enumValues,
            Bounds bounds) {}

    /** What is said about a value at the place where it is used. */
    record Usage(
            @Nullable JsonNode defaultValue,
            boolean nullable,
            boolean explicit,
            @Nullable ListType listType,
            List<String> listMapKeys,
            @Nullable MapType mapType,
            Set<String> patchStrategies,
            String patchMergeKey) {}

    private final Supplier<Shape> resolver;
    private final Usage usage;
    private volatile @Nullable Shape shape;
    private volatile @Nullable Map<String, Schema> defaulted;

    Schema(Supplier<Shape> resolver, Usage usage) {
        this.resolver = resolver;
        this.usage = usage;
    }

    private Shape shape() {
        Shape known = shape;
        if (known == null) {
            known = resolver.get();
            shape = known;
        }
        return known;
    }

    /** Name of the type, such as {@code io.k8s.api.core.v1.PodSpec}; empty for an inline schema. */
    public String definition() {
        return shape().definition();
    }

    public Type type() {
        return shape().type();
    }

    /**
     * {@code int32}, {@code int64}, {@code double}, {@code date-time}, {@code micro-time}, {@code byte}, {@code
     * quantity}, … or empty.
     */
    public String format() {
        return shape().format();
    }

    /** The declared fields of an object, by name. */
    public Map<String, Schema> properties() {
        return shape().properties();
    }

    /** A declared field. */
    public Optional<Schema> property(String name) {
        return Optional.ofNullable(shape().properties().get(name));
    }

    /** Those of the declared fields that have a default. */
    Map<String, Schema> defaulted() {
        Map<String, Schema> known = defaulted;
        if (known == null) {
            var found = new LinkedHashMap<String, Schema>();
            shape().properties().forEach((name, field) -> {
                if (field.usage.defaultValue() != null) {
                    found.put(name, field);
                }
            });
            known = Collections.unmodifiableMap(found);
            defaulted = known;
        }
        return known;
    }

    /** What stands under this key of an object: the declared field, else the schema of the values of a map. */
    public Optional<Schema> child(String key) {
        Shape known = shape();
        Schema declared = known.properties().get(key);
        return Optional.ofNullable(declared != null ? declared : known.additionalProperties());
    }

    /** The items of a list. */
    public Optional<Schema> items() {
        return Optional.ofNullable(shape().items());
    }

    /** The values of a map. */
    public Optional<Schema> additionalProperties() {
        return Optional.ofNullable(shape().additionalProperties());
    }

    /** Names of the fields that must be there; a fact for documents and CRD validation, built-in rules are stricter. */
    public Set<String> required() {
        return shape().required();
    }

    public List<JsonNode> enumValues() {
        return shape().enumValues();
    }

    /** Limits on numbers, lengths and counts. */
    public Bounds bounds() {
        return shape().bounds();
    }

    /** An integer or a string ({@code x-kubernetes-int-or-string}, such as {@code maxSurge}). */
    public boolean intOrString() {
        return shape().intOrString();
    }

    /** Keep what is not declared ({@code x-kubernetes-preserve-unknown-fields}, or a value of any shape). */
    public boolean preserveUnknownFields() {
        return shape().preserveUnknownFields();
    }

    /** A whole object with {@code apiVersion}, {@code kind} and {@code metadata} inside another. */
    public boolean embeddedResource() {
        return shape().embeddedResource();
    }

    /** Whether {@code null} is a value here; elsewhere null means absent. */
    public boolean nullable() {
        return usage.nullable();
    }

    /**
     * Whether an empty string, a zero or false that is written out means something else than absence. Where it does not,
     * Kubernetes stores the field as absent.
     */
    public boolean explicit() {
        return usage.explicit();
    }

    /** The default; shared, so copy it before putting it anywhere. */
    public Optional<JsonNode> defaultValue() {
        return Optional.ofNullable(usage.defaultValue());
    }

    /** How items are told apart; a list that does not say is atomic. */
    public ListType listType() {
        ListType type = usage.listType();
        return type == null ? ListType.ATOMIC : type;
    }

    /** Fields that together identify an item of a {@link ListType#MAP} list. */
    public List<String> listMapKeys() {
        return usage.listMapKeys();
    }

    /** Whether fields have owners of their own; an object that does not say is granular. */
    public MapType mapType() {
        MapType here = usage.mapType();
        if (here != null) {
            return here;
        }
        MapType ofType = shape().mapType();
        return ofType == null ? MapType.GRANULAR : ofType;
    }

    /** Strategic merge: any of {@code merge}, {@code replace}, {@code retainKeys}; empty means replace. */
    public Set<String> patchStrategies() {
        return usage.patchStrategies();
    }

    /** Strategic merge: the field that identifies an item of a merged list; empty for lists of plain values. */
    public String patchMergeKey() {
        return usage.patchMergeKey();
    }

    @Override
    public String toString() {
        return definition().isEmpty() ? "Schema[" + type() + "]" : "Schema[" + definition() + "]";
    }
}
