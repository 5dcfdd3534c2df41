package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.resource.Cases;
import io.vertikube.apiserver.resource.Strategies;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.StorageLimits;
import io.vertikube.apiserver.storage.embedded.EmbeddedStore;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A real storage in memory, and short ways to fill it. */
public final class InMemory implements AutoCloseable {

    public final ObjectStorage storage;

    public InMemory() {
        storage = new ObjectStorage(
                EmbeddedStore.inMemory(), p -> List.of(), StorageLimits.defaults(), new SimpleMeterRegistry());
    }

    /** Stores an object, JSON with single quotes, as it is. */
    public ObjectNode put(String json) {
        var object = (ObjectNode) Json.tree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        ObjectNode metadata = Trees.object(object, "metadata");
        String name = metadata.path("name").asText();
        if (!metadata.has("uid")) {
            metadata.put("uid", "uid-" + name);
        }
        ResourceType type = Cases.type(object);
        String key = type.storageKey(metadata.path("namespace").asText(""), name);
        var there = storage.snapshot(Read.latest()).get(key);
        if (there.isPresent()) {
            storage.update(key, there.get().revision(), object);
        } else {
            storage.create(key, object);
        }
        storage.snapshot(Read.latest());
        return object;
    }

    /** A request to create, with its defaults. */
    public static AdmissionRequest create(String json, UserInfo user) {
        ObjectNode object = Cases.object(json);
        return request(Operation.CREATE, object, null, user, false);
    }

    public static AdmissionRequest request(
            Operation operation, ObjectNode object, ObjectNode old, UserInfo user, boolean dryRun) {
        ObjectNode shown = object != null ? object : old;
        return new AdmissionRequest(
                operation,
                Cases.type(shown),
                "",
                Trees.text(shown, "metadata", "namespace"),
                Trees.text(shown, "metadata", "name"),
                object,
                old,
                user,
                dryRun);
    }

    /** Stores what a request made, as a server does. */
    public void store(AdmissionRequest request) {
        ObjectNode object = request.requireObject();
        Strategies.of(request.type()).prepareForCreate(object);
        storage.create(request.type().storageKey(request.namespace(), request.name()), object);
    }

    @Override
    public void close() {
        storage.close();
    }
}
