package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.schema.Schema.Shape;
import io.vertikube.apiserver.schema.Schema.Usage;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The schemas of every built-in kind. The build writes them as one line of JSON a type; a line is parsed when its type
 * is first asked for, so a server that starts has read an index and nothing else. Safe for any thread.
 */
public final class BuiltInSchemas implements Schemas {

    private static final Usage PLAIN = new Usage(null, false, false, null, List.of(), null, Set.of(), "");

    private final Definitions definitions;
    private final Map<String, Shape> shapes = new ConcurrentHashMap<>();
    private final Map<Gvk, Optional<Schema>> roots = new ConcurrentHashMap<>();
    private final SchemaReader reader = new SchemaReader(this::shape);

    private BuiltInSchemas(Definitions definitions) {
        this.definitions = definitions;
    }

    /** Reads the index; takes some milliseconds. */
    public static BuiltInSchemas load() {
        return new BuiltInSchemas(Definitions.structure());
    }

    @Override
    public Optional<Schema> of(Gvk type) {
        return roots.computeIfAbsent(type, this::find);
    }

    /** A named type, such as {@code io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta}. */
    public Optional<Schema> definition(String name) {
        if (!definitions.has(name)) {
            return Optional.empty();
        }
        return Optional.of(new Schema(() -> shape(name), PLAIN));
    }

    /** A schema of somebody else's that may refer to named types. */
    public Schema read(JsonNode json) {
        return reader.read(json);
    }

    private Optional<Schema> find(Gvk type) {
        return definitions.ofKind(type).flatMap(this::definition);
    }

    private Shape shape(String name) {
        Shape known = shapes.get(name);
        if (known != null) {
            return known;
        }
        Shape read = reader.shape(name, Json.tree(definitions.bytes(name)));
        Shape other = shapes.putIfAbsent(name, read);
        return other == null ? read : other;
    }
}
