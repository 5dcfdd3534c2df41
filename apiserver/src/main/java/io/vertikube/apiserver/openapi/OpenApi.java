package io.vertikube.apiserver.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Definitions;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The OpenAPI documents ("OpenAPI V3" in the API concepts): an index with a hash a group-version and the documents behind
 * it, and the one v2 document for older clients. Each is built when first asked for and kept until its resources change.
 * Safe for any thread; building one takes some tens of milliseconds, so call it off an event loop.
 */
public final class OpenApi {

    /**
     * The content type of {@link #swaggerProtobuf()}. Clients also ask for it with an {@code @} for the third dot, but
     * cannot read an answer so labelled, because an {@code @} is not allowed in a media type.
     */
    public static final String SWAGGER_PROTOBUF_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private final Supplier<Catalog> catalog;
    private final CustomSchemas customSchemas;
    private final Map<String, Document> documents = new ConcurrentHashMap<>();
    private final Supplier<Definitions> definitions = new Once<>(Definitions::documents);
    private final Supplier<String> stamp = new Once<>(Definitions::stamp);

    /** @param catalog the resources served now; asked at every call */
    public OpenApi(Supplier<Catalog> catalog, CustomSchemas customSchemas) {
        this.catalog = catalog;
        this.customSchemas = customSchemas;
    }

    /** The body of {@code GET /openapi/v3}. */
    public byte[] index() {
        var root = Json.object();
        var paths = root.putObject("paths");
        groupVersions()
                .forEach((path, rows) ->
                        paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash(rows)));
        return Json.bytes(root);
    }

    /**
     * The document of a group-version.
     *
     * @param path {@code api/v1} or {@code apis/apps/v1}, as in the index
     */
    public Optional<Document> document(String path) {
        List<ResourceType> rows = groupVersions().get(path);
        if (rows == null) {
            return Optional.empty();
        }
        String hash = hash(rows);
        Document known = documents.get(path);
        if (known == null || !known.hash().equals(hash)) {
            known = new Document(new DocumentWriter(definitions.get(), customSchemas).write(rows), hash);
            documents.put(path, known);
        }
        return Optional.of(known);
    }

    /** The body of {@code GET /openapi/v2} in JSON. */
    public Document swagger() {
        return swagger("v2.json", Json::bytes);
    }

    /**
     * The body of {@code GET /openapi/v2} for clients that accept {@link #SWAGGER_PROTOBUF_TYPE}, whether with {@code v2.v1.0}
     * or {@code v2@v1.0}; kubectl before 1.28 cannot do without.
     */
    public Document swaggerProtobuf() {
        return swagger("v2.protobuf", SwaggerProto::encode);
    }

    private Document swagger(String form, Function<ObjectNode, byte[]> write) {
        List<ResourceType> rows = catalog.get().all();
        String hash = hash(rows);
        Document known = documents.get(form);
        if (known == null || !known.hash().equals(hash)) {
            known = Document.of(write.apply(SwaggerDocument.of(rows, definitions.get(), customSchemas)), hash);
            documents.put(form, known);
        }
        return known;
    }

    private Map<String, List<ResourceType>> groupVersions() {
        var found = new TreeMap<String, List<ResourceType>>();
        for (ResourceType row : catalog.get().all()) {
            found.computeIfAbsent(row.apiPath().substring(1), path -> new ArrayList<>())
                    .add(row);
        }
        return found;
    }

    private String hash(List<ResourceType> rows) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        digest.update(stamp.get().getBytes(StandardCharsets.UTF_8));
        for (ResourceType row : rows) {
            digest.update(row.gvk().toString().getBytes(StandardCharsets.UTF_8));
            customSchemas
                    .of(row.gvk())
                    .ifPresent(schema -> digest.update(schema.toString().getBytes(StandardCharsets.UTF_8)));
        }
        return HexFormat.of().withUpperCase().formatHex(digest.digest());
    }
}
