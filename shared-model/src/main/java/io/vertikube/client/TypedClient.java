package io.vertikube.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertikube.object.JsonTrees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the objects of one type. A namespace is {@code ""} for cluster-scoped types, and for lists and
 * watches over all namespaces. What is read comes without {@code managedFields}. Safe for any thread but event loops.
 */
public final class TypedClient<T extends HasMetadata> {

    private static final String JSON = "application/json";
    private static final String PARTIAL = ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
    private static final String PARTIAL_LIST = ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

    private final ApiClient client;
    private final Class<T> type;
    private final ResourceType row;
    private final boolean metadataOnly;
    private final ObjectReader reader;

    TypedClient(ApiClient client, Class<T> type, ResourceType row) {
        this(client, type, row, false);
    }

    TypedClient(ApiClient client, Class<T> type, ResourceType row, boolean metadataOnly) {
        this.client = client;
        this.type = type;
        this.row = row;
        this.metadataOnly = metadataOnly;
        this.reader = Json.withoutManagers(type);
    }

    /** The catalogue's row of the type. */
    public ResourceType row() {
        return row;
    }

    public T get(String namespace, String name) {
        return read(client.raw("GET", row.objectPath(namespace, name), null, null, ofOne()));
    }

    /** The object, or empty where the server answers 404. */
    public Optional<T> find(String namespace, String name) {
        try {
            return Optional.of(get(namespace, name));
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    public ItemList<T> list(String namespace, ListOptions options) {
        return readList(client.raw("GET", row.collectionPath(namespace) + options.query(), null, null, ofMany()));
    }

    /** Creates; an empty namespace means the object's own. */
    public T create(T object) {
        return read(client.raw("POST", row.collectionPath(namespaceOf(object)), JSON, Json.bytes(object)));
    }

    /** Creates for who has no use for the answer: it is not read. */
    public void add(T object) {
        client.raw("POST", row.collectionPath(namespaceOf(object)), JSON, Json.bytes(object));
    }

    /** Replaces; the object's resourceVersion guards against a lost update. */
    public T update(T object) {
        return put(object, "");
    }

    public T updateStatus(T object) {
        return put(object, "/status");
    }

    /** As {@link #updateStatus}, for who has no use for more than the revision that the object has then. */
    public String writeStatus(T object) {
        return revision(client.raw("PUT", pathOf(object) + "/status", JSON, Json.bytes(object)));
    }

    /** Replaces a subresource such as {@code finalize}. */
    public T updateSubresource(T object, String subresource) {
        return put(object, "/" + subresource);
    }

    public T patch(String namespace, String name, PatchType how, byte[] body, @Nullable String subresource) {
        String path = row.objectPath(namespace, name) + (subresource == null ? "" : "/" + subresource);
        return read(client.raw("PATCH", path, how.mediaType(), body));
    }

    /** Server-side apply under a field manager. */
    public T apply(String namespace, String name, JsonNode wanted, String manager, boolean force) {
        String path = row.objectPath(namespace, name) + "?fieldManager=" + manager + "&force=" + force;
        return read(client.raw("PATCH", path, PatchType.APPLY.mediaType(), Json.bytes(wanted)));
    }

    public void delete(String namespace, String name, DeleteOptions options) {
        client.raw("DELETE", row.objectPath(namespace, name), JSON, Json.bytes(options));
    }

    /** Deletes with the server's defaults. */
    public void delete(String namespace, String name) {
        client.raw("DELETE", row.objectPath(namespace, name), null, null);
    }

    /** Deletes what a selector matches. */
    public void deleteCollection(String namespace, ListOptions which, DeleteOptions options) {
        client.raw("DELETE", row.collectionPath(namespace) + which.query(), JSON, Json.bytes(options));
    }

    /** Posts to a subresource such as {@code binding}, {@code eviction} or {@code token}. */
    public <R> R createSubresource(String namespace, String name, String subresource, Object body, Class<R> answer) {
        return Json.read(
                client.raw("POST", row.objectPath(namespace, name) + "/" + subresource, JSON, Json.bytes(body)),
                answer);
    }

    /**
     * Opens a watch from the options' revision (exclusive), with bookmarks. The server ends it after the timeout.
     */
    public WatchStream<T> watch(String namespace, ListOptions options, Duration timeout) {
        var query = new StringBuilder(options.query());
        ListOptions.add(query, "watch", "true");
        ListOptions.add(query, "allowWatchBookmarks", "true");
        ListOptions.add(query, "timeoutSeconds", Long.toString(timeout.toSeconds()));
        LineStream lines = client.lines(row.collectionPath(namespace) + query, ofOne());
        return new WatchStream<>(lines, reader, type.getSimpleName(), timeout.plusSeconds(30));
    }

    private String ofOne() {
        return metadataOnly ? JSON + PARTIAL : JSON;
    }

    private String ofMany() {
        return metadataOnly ? JSON + PARTIAL_LIST : JSON;
    }

    private T put(T object, String suffix) {
        return read(client.raw("PUT", pathOf(object) + suffix, JSON, Json.bytes(object)));
    }

    private String pathOf(T object) {
        return row.objectPath(namespaceOf(object), object.getMetadata().getName());
    }

    /** {@code metadata.resourceVersion} of an object, of which no more is read than comes before it. */
    private String revision(byte[] json) {
        try (JsonParser parser = reader.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean within = parser.currentName().equals("metadata");
                if (parser.nextToken() == JsonToken.START_OBJECT && within) {
                    continue;
                }
                if (parser.currentName().equals("resourceVersion")) {
                    return parser.getText();
                }
                parser.skipChildren();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a " + type.getSimpleName() + " from JSON", e);
        }
        throw new UncheckedIOException(new IOException("a " + type.getSimpleName() + " without a resourceVersion"));
    }

    private T read(byte[] json) {
        try {
            return reader.readValue(json);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a " + type.getSimpleName() + " from JSON", e);
        }
    }

    private String namespaceOf(T object) {
        String namespace = object.getMetadata().getNamespace();
        if (row.namespaced() && (namespace == null || namespace.isEmpty())) {
            throw ApiErrors.badRequest("a " + row.kind() + " needs a namespace");
        }
        return row.namespaced() ? namespace : "";
    }

    private ItemList<T> readList(byte[] json) {
        var items = new ArrayList<T>();
        String revision = "";
        String next = null;
        try (JsonParser parser = reader.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("items") && value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        items.add(reader.readValue(parser));
                    }
                } else if (field.equals("metadata")) {
                    JsonNode metadata = JsonTrees.read(parser);
                    revision = metadata.path("resourceVersion").asText("");
                    String token = metadata.path("continue").asText("");
                    next = token.isEmpty() ? null : token;
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a list of " + row.plural(), e);
        }
        return new ItemList<>(items, revision, next);
    }
}
