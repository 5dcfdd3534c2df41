package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.catalog.ResourceType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@code Table} of objects: {@code kind: Table} of {@code meta.k8s.io/v1}, a row an object. Immutable, safe for
 * any thread.
 */
public final class TableRenderer {

    private final Function<ResourceType, Optional<Columns>> custom;
    private final InstantSource clock;

    /**
     * @param custom columns of types that are not built in; asked first
     */
    public TableRenderer(Function<ResourceType, Optional<Columns>> custom, InstantSource clock) {
        this.custom = custom;
        this.clock = clock;
    }

    /** The columns of a type; name and time of creation for one that says nothing. */
    public Columns columns(ResourceType type) {
        return custom.apply(type)
                .or(() -> BuiltInColumns.of(type.group(), type.plural()))
                .orElseGet(Columns::plain);
    }

    /** A list, or a single object, with its column definitions. */
    public ObjectNode render(ResourceType type, Iterable<ObjectNode> objects, IncludeObject include, ListMeta meta) {
        return render(columns(type), objects, include, meta, true);
    }

    /**
     * Any table.
     *
     * @param withColumns false in a watch after its first event, where the client knows the columns
     */
    public ObjectNode render(
            Columns columns, Iterable<ObjectNode> objects, IncludeObject include, ListMeta meta, boolean withColumns) {
        ObjectNode table = JsonNodeFactory.instance.objectNode();
        table.put("kind", "Table");
        table.put("apiVersion", "meta.k8s.io/v1");
        metadata(table.putObject("metadata"), meta);
        if (withColumns) {
            definitions(table.putArray("columnDefinitions"), columns);
        } else {
            table.putNull("columnDefinitions");
        }
        ArrayNode rows = table.putArray("rows");
        Instant now = clock.instant();
        for (ObjectNode object : objects) {
            row(rows.addObject(), columns, new Row(object, now), include);
        }
        return table;
    }

    /** The table of one event of a watch: one row, at the object's own revision. */
    public ObjectNode event(Columns columns, ObjectNode object, IncludeObject include, boolean first) {
        String revision = object.path("metadata").path("resourceVersion").asText();
        return render(columns, List.of(object), include, ListMeta.at(revision), first);
    }

    /** The object's metadata alone, as {@code PartialObjectMetadata}; shares the metadata with the object. */
    public static ObjectNode partial(ObjectNode object) {
        ObjectNode partial = JsonNodeFactory.instance.objectNode();
        partial.put("kind", "PartialObjectMetadata");
        partial.put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    private static void metadata(ObjectNode json, ListMeta meta) {
        if (!meta.resourceVersion().isEmpty()) {
            json.put("resourceVersion", meta.resourceVersion());
        }
        if (!meta.continueToken().isEmpty()) {
            json.put("continue", meta.continueToken());
        }
        if (meta.remaining() != null) {
            json.put("remainingItemCount", meta.remaining());
        }
    }

    private static void definitions(ArrayNode json, Columns columns) {
        for (Column column : columns.list()) {
            json.addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.format())
                    .put("description", column.description())
                    .put("priority", column.priority());
        }
    }

    private static void row(ObjectNode json, Columns columns, Row row, IncludeObject include) {
        ArrayNode cells = json.putArray("cells");
        for (Column column : columns.list()) {
            addCell(cells, column.cell().of(row));
        }
        PodStatus.rowCondition(row)
                .ifPresent(condition -> json.putArray("conditions").add(condition));
        switch (include) {
            case NONE -> json.putNull("object");
            case METADATA -> json.set("object", partial(row.object()));
            case OBJECT -> json.set("object", row.object());
        }
    }

    private static void addCell(ArrayNode cells, @Nullable Object value) {
        switch (value) {
            case null -> cells.addNull();
            case String text -> cells.add(text);
            case Long number -> cells.add(number);
            case Integer number -> cells.add(number);
            case Double number -> cells.add(number);
            case Boolean flag -> cells.add(flag);
            default -> cells.add(value.toString());
        }
    }
}
