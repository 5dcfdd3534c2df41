package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.Query;
import io.vertikube.apiserver.front.View;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.apiserver.table.BuiltInColumns;
import io.vertikube.apiserver.table.Columns;
import io.vertikube.apiserver.table.IncludeObject;
import io.vertikube.apiserver.table.ListMeta;
import io.vertikube.apiserver.table.TableRenderer;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Gvk;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Objects and lists in the form a client asked for. JSON is copied from stored bytes; every other form is built from
 * trees. Safe for any thread.
 */
final class Rendering {

    private final TableRenderer tables;

    Rendering(TableRenderer tables) {
        this.tables = tables;
    }

    /** The bytes as they are, with their revision. */
    static Answer json(int code, StoredObject object) {
        var body = Buffer.buffer(object.json().length + 48);
        object.writeTo(body);
        return Answer.json(code, body.appendByte((byte) '\n'));
    }

    /** An object whose bytes, or whose metadata's bytes, are the answer. */
    static Answer bytes(StoredObject object, View view) {
        if (view.isPlainJson()) {
            return json(200, object);
        }
        var body = Buffer.buffer();
        Partial.append(body, object, object.revision(), view.version());
        return Answer.json(200, body.appendByte((byte) '\n'));
    }

    Answer object(int code, ResourceType type, ObjectNode object, View view, Query query) {
        return Answer.tree(code, form(type, object, view, includeObject(query)), view);
    }

    Answer list(ResourceType type, ListPage page, View view, Query query) {
        List<ObjectNode> trees = new ArrayList<>(page.items().size());
        page.items().forEach(item -> trees.add(item.tree()));
        return Answer.tree(200, list(type, page, trees, view, includeObject(query)), view);
    }

    /** A list of objects that are not stored, so that it has no revision. */
    Answer computed(ResourceType type, List<ObjectNode> objects, View view, Query query) {
        ObjectNode list =
                switch (view.shape()) {
                    case TABLE ->
                        table(tables.render(type, objects, includeObject(query), new ListMeta("", "", null)), view);
                    case METADATA, METADATA_LIST ->
                        listTree(
                                partialKind(view),
                                objects.stream().map(o -> metadata(o, view)).toList());
                    case OBJECT -> listTree(type.gvk(), objects);
                };
        return Answer.tree(200, list, view);
    }

    private ObjectNode list(
            ResourceType type, ListPage page, List<ObjectNode> trees, View view, IncludeObject include) {
        return switch (view.shape()) {
            case TABLE -> table(tables.render(type, trees, include, meta(page)), view);
            case METADATA, METADATA_LIST ->
                listTree(
                        partialKind(view),
                        page,
                        trees.stream().map(t -> metadata(t, view)).toList());
            case OBJECT -> listTree(type.gvk(), page, trees);
        };
    }

    /** Refuses the metadata of a list where there is one object. */
    static void demandObject(View view, ResourceType type) {
        if (view.shape() == View.Shape.METADATA_LIST) {
            throw ApiErrors.notAcceptable("you requested PartialObjectMetadataList, but the requested object is not a"
                    + " list (" + type.kind() + "): ask for PartialObjectMetadata");
        }
    }

    /** Refuses the metadata of one object where there is a list. */
    static void demandList(View view, ResourceType type) {
        if (view.shape() == View.Shape.METADATA) {
            throw ApiErrors.notAcceptable("you requested PartialObjectMetadata, but the requested object is a list ("
                    + type.kind() + "List): ask for PartialObjectMetadataList");
        }
    }

    /** The kind that stands for any object's metadata, in the version that was asked for. */
    static Gvk partialKind(View view) {
        return new Gvk("meta.k8s.io", view.version(), "PartialObjectMetadata");
    }

    /** What a bookmark carries in place of an object. */
    static ObjectNode bookmark(ResourceType type, long revision, boolean initialEventsEnd) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("kind", type.kind());
        object.put("apiVersion", type.apiVersion());
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("resourceVersion", Long.toString(revision));
        metadata.putNull("creationTimestamp");
        if (initialEventsEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        return object;
    }

    /** One object as the client sees it: itself, a table of one row, or its metadata. */
    ObjectNode form(ResourceType type, ObjectNode object, View view, IncludeObject include) {
        return event(type, object, view, include, true);
    }

    /** How much of each object a table's rows carry. */
    static IncludeObject includeObject(Query query) {
        return IncludeObject.of(query.text("includeObject"));
    }

    /** An event's object as a watcher sees it; the columns of a table come with the first event only. */
    ObjectNode event(ResourceType type, ObjectNode object, View view, IncludeObject include, boolean first) {
        return switch (view.shape()) {
            case OBJECT -> object;
            case METADATA, METADATA_LIST -> metadata(object, view);
            case TABLE -> table(tables.event(columns(type, object), object, include, first), view);
        };
    }

    /** What a subresource shows may be of another kind than the resource. */
    private Columns columns(ResourceType type, ObjectNode object) {
        return object.path("kind").asText().equals("Scale")
                ? BuiltInColumns.of("autoscaling", "scales").orElseThrow()
                : tables.columns(type);
    }

    /** Tables are made in the newest version; the older one differs in its name alone. */
    private static ObjectNode table(ObjectNode table, View view) {
        if (!view.version().equals("v1")) {
            String version = "meta.k8s.io/" + view.version();
            table.put("apiVersion", version);
            for (JsonNode row : table.path("rows")) {
                if (row.path("object") instanceof ObjectNode object
                        && object.path("kind").asText().equals("PartialObjectMetadata")) {
                    object.put("apiVersion", version);
                }
            }
        }
        return table;
    }

    private static ListMeta meta(ListPage page) {
        @Nullable ContinueToken next = page.next();
        return new ListMeta(
                Long.toString(page.revision()),
                next == null ? "" : next.encode(),
                page.remaining() < 0 ? null : page.remaining());
    }

    private static ObjectNode listTree(Gvk itemKind, List<ObjectNode> items) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", itemKind.kind() + "List");
        list.put("apiVersion", itemKind.apiVersion());
        list.putObject("metadata");
        list.putArray("items").addAll(items);
        return list;
    }

    private static ObjectNode listTree(Gvk itemKind, ListPage page, List<ObjectNode> items) {
        ObjectNode list = listTree(itemKind, items);
        list.set("metadata", listMetadata(page));
        return list;
    }

    /** A list's {@code metadata}. */
    static ObjectNode listMetadata(ListPage page) {
        ObjectNode meta = JsonNodeFactory.instance.objectNode();
        meta.put("resourceVersion", Long.toString(page.revision()));
        @Nullable ContinueToken next = page.next();
        if (next != null) {
            meta.put("continue", next.encode());
        }
        if (page.remaining() >= 0) {
            meta.put("remainingItemCount", page.remaining());
        }
        return meta;
    }

    private static ObjectNode metadata(ObjectNode object, View view) {
        ObjectNode partial = JsonNodeFactory.instance.objectNode();
        partial.put("kind", "PartialObjectMetadata");
        partial.put("apiVersion", "meta.k8s.io/" + view.version());
        partial.set("metadata", object.path("metadata"));
        return partial;
    }
}
