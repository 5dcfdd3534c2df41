package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.front.Answer;
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
 * One JSON document a line. Confined to the event loop of its call (it remembers whether a table's columns have been
 * told).
 */
final class JsonFrames implements WatchFrames {

    private static final byte[] END = "}\n".getBytes(StandardCharsets.US_ASCII);

    private final ResourceType type;
    private final Rendering rendering;
    private final View view;
    private final IncludeObject include;
    private boolean columnsTold;

    JsonFrames(ResourceType type, Rendering rendering, View view, IncludeObject include) {
        this.type = type;
        this.rendering = rendering;
        this.view = view;
        this.include = include;
    }

    @Override
    public String contentType() {
        return Answer.JSON;
    }

    @Override
    public boolean text() {
        return true;
    }

    /** Line breaks inside a document are written as \\n, so the next one is its end. */
    @Override
    public Extent extent(Buffer events, int at) {
        int end = at;
        while (events.getByte(end) != '\n') {
            end++;
        }
        return new Extent(at, end + 1);
    }

    @Override
    public void event(Buffer out, String kind, StoredObject object, long revision) {
        begin(out, kind);
        if (view.shape() == View.Shape.OBJECT) {
            copy(out, object, revision);
        } else if (view.isPlainMetadata()) {
            Partial.append(out, object, revision, view.version());
        } else {
            ObjectNode tree = object.tree();
            tree.withObject("/metadata").put("resourceVersion", Long.toString(revision));
            document(out, rendering.event(type, tree, view, include, !columnsTold));
            columnsTold = true;
        }
        out.appendBytes(END);
    }

    private static void copy(Buffer out, StoredObject object, long revision) {
        if (object.revision() == revision) {
            object.writeTo(out);
            return;
        }
        byte[] json = object.json();
        out.appendBytes(json, 0, object.splice());
        String comma = json[object.splice()] == '}' ? "\"" : "\",";
        out.appendString("\"resourceVersion\":\"" + revision + comma);
        out.appendBytes(json, object.splice(), json.length - object.splice());
    }

    @Override
    public void bookmark(Buffer out, long revision, boolean initialEventsEnd) {
        begin(out, "BOOKMARK");
        ObjectNode object = Rendering.bookmark(type, revision, initialEventsEnd);
        document(out, rendering.event(type, object, view, include, false));
        out.appendBytes(END);
    }

    @Override
    public void error(Buffer out, ApiException failure) {
        begin(out, "ERROR");
        document(out, Statuses.of(failure));
        out.appendBytes(END);
    }

    private static void begin(Buffer out, String kind) {
        out.appendString("{\"type\":\"").appendString(kind).appendString("\",\"object\":");
    }

    private static void document(Buffer out, JsonNode tree) {
        out.appendBytes(Json.bytes(tree));
    }
}
