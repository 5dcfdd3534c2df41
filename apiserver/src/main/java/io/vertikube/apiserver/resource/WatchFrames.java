package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.front.Statuses;
import io.vertikube.apiserver.front.View;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.apiserver.table.IncludeObject;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes events of one watch, one JSON document a line, in the form its client wants. Confined to the event loop of its
 * call (it remembers whether a table's columns have been told).
 */
final class WatchFrames {

    private static final byte[] END = "}\n".getBytes(StandardCharsets.US_ASCII);

    private final ResourceType type;
    private final Rendering rendering;
    private final View view;
    private final IncludeObject include;
    private boolean columnsTold;

    WatchFrames(ResourceType type, Rendering rendering, View view, IncludeObject include) {
        this.type = type;
        this.rendering = rendering;
        this.view = view;
        this.include = include;
    }

    /**
     * Appends an event.
     *
     * @param revision the event's own; an object that left a selection is told as it was, at the revision it left at
     */
    void event(Buffer out, String kind, StoredObject object, long revision) {
        begin(out, kind);
        if (view.isPlainJson()) {
            if (object.revision() == revision) {
                object.writeTo(out);
            } else {
                byte[] json = object.json();
                out.appendBytes(json, 0, object.splice());
                String comma = json[object.splice()] == '}' ? "\"" : "\",";
                out.appendString("\"resourceVersion\":\"" + revision + comma);
                out.appendBytes(json, object.splice(), json.length - object.splice());
            }
        } else {
            ObjectNode tree = object.tree();
            tree.withObject("/metadata").put("resourceVersion", Long.toString(revision));
            out.appendBytes(Json.bytes(rendering.event(type, tree, view, include, !columnsTold)));
            columnsTold = true;
        }
        out.appendBytes(END);
    }

    /** Appends a bookmark: all before this revision has been told. */
    void bookmark(Buffer out, long revision, boolean initialEventsEnd) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("kind", type.kind());
        object.put("apiVersion", type.apiVersion());
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("resourceVersion", Long.toString(revision));
        metadata.putNull("creationTimestamp");
        if (initialEventsEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        begin(out, "BOOKMARK");
        out.appendBytes(Json.bytes(rendering.event(type, object, view, include, false)));
        out.appendBytes(END);
    }

    /** Appends what ends the watch before its time. */
    static void error(Buffer out, ApiException failure) {
        begin(out, "ERROR");
        out.appendBytes(Json.bytes(Statuses.of(failure)));
        out.appendBytes(END);
    }

    private static void begin(Buffer out, String kind) {
        out.appendString("{\"type\":\"").appendString(kind).appendString("\",\"object\":");
    }
}
