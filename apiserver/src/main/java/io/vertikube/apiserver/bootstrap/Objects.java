package io.vertikube.apiserver.bootstrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Makes the beginning of an object. Safe for any thread. */
final class Objects {

    private final InstantSource clock;

    Objects(InstantSource clock) {
        this.clock = clock;
    }

    ObjectNode cluster(String apiVersion, String kind, String name) {
        return namespaced(apiVersion, kind, "", name);
    }

    ObjectNode namespaced(String apiVersion, String kind, String namespace, String name) {
        ObjectNode object = Trees.newObject().put("apiVersion", apiVersion).put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", now());
        return object;
    }

    String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
