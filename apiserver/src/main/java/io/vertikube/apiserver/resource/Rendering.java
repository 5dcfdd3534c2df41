package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.Query;
import io.vertikube.apiserver.front.View;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.apiserver.table.IncludeObject;
import io.vertikube.apiserver.table.ListMeta;
import io.vertikube.apiserver.table.TableRenderer;
import io.vertikube.catalog.ResourceType;
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

    Answer object(int code, ResourceType type, ObjectNode object, View view, Query query) {
        return Answer.tree(code, form(type, object, view, includeObject(query)), view);
    }

    Answer list(ResourceType type, ListPage page, View view, Query query) {
        List<ObjectNode> trees = new ArrayList<>(page.items().size());
        page.items().forEach(item -> trees.add(item.tree()));
        return switch (view.shape()) {
            case TABLE -> Answer.tree(200, tables.render(type, trees, includeObject(query), meta(page)), view);
            case METADATA ->
                Answer.tree(
                        200,
                        listTree(
                                "PartialObjectMetadataList",
                                "meta.k8s.io/" + view.version(),
                                page,
                                trees.stream().map(t -> metadata(t, view)).toList()),
                        view);
            case OBJECT -> Answer.tree(200, listTree(type.kind() + "List", type.apiVersion(), page, trees), view);
        };
    }

    /** One object as the client sees it: itself, a table of one row, or its metadata. */
    ObjectNode form(ResourceType type, ObjectNode object, View view, IncludeObject include) {
        return switch (view.shape()) {
            case OBJECT -> object;
            case METADATA -> metadata(object, view);
            case TABLE -> tables.event(tables.columns(type), object, include, true);
        };
    }

    /** How much of each object a table's rows carry. */
    static IncludeObject includeObject(Query query) {
        return IncludeObject.of(query.text("includeObject"));
    }

    /** An event's object as a watcher sees it; the columns of a table come with the first event only. */
    ObjectNode event(ResourceType type, ObjectNode object, View view, IncludeObject include, boolean first) {
        return view.shape() == View.Shape.TABLE
                ? tables.event(tables.columns(type), object, include, first)
                : form(type, object, view, include);
    }

    private static ListMeta meta(ListPage page) {
        @Nullable ContinueToken next = page.next();
        return new ListMeta(
                Long.toString(page.revision()),
                next == null ? "" : next.encode(),
                page.remaining() < 0 ? null : page.remaining());
    }

    private static ObjectNode listTree(String kind, String apiVersion, ListPage page, List<ObjectNode> items) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", kind);
        list.put("apiVersion", apiVersion);
        ObjectNode meta = list.putObject("metadata");
        meta.put("resourceVersion", Long.toString(page.revision()));
        @Nullable ContinueToken next = page.next();
        if (next != null) {
            meta.put("continue", next.encode());
        }
        if (page.remaining() >= 0) {
            meta.put("remainingItemCount", page.remaining());
        }
        list.putArray("items").addAll(items);
        return list;
    }

    private static ObjectNode metadata(ObjectNode object, View view) {
        ObjectNode partial = JsonNodeFactory.instance.objectNode();
        partial.put("kind", "PartialObjectMetadata");
        partial.put("apiVersion", "meta.k8s.io/" + view.version());
        partial.set("metadata", object.path("metadata"));
        return partial;
    }
}
