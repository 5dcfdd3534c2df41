package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.KeyExists;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Gvr;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * A namespace that a write needs is made (NamespaceAutoProvision) or demanded (NamespaceExists). Both are off by default;
 * NamespaceLifecycle demands it for new objects anyway.
 */
final class NamespaceProvision implements AdmissionPlugin {

    static final String AUTO = "NamespaceAutoProvision";
    static final String EXISTS = "NamespaceExists";

    private static final Gvr NAMESPACES = new Gvr("", "v1", "namespaces");

    private final String name;
    private final ObjectStorage storage;
    private final Stored stored;

    NamespaceProvision(String name, ObjectStorage storage) {
        this.name = name;
        this.storage = storage;
        this.stored = new Stored(storage);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        boolean inNamespace =
                request.type().namespaced() && !request.namespace().isEmpty();
        if (!inNamespace || stored.find(key(request)).isPresent()) {
            return;
        }
        if (name.equals(EXISTS)) {
            throw ApiErrors.notFound(NAMESPACES, request.namespace());
        }
        if (request.operation() == Operation.CREATE && !request.dryRun()) {
            provide(request);
        }
    }

    private static String key(AdmissionRequest request) {
        return "/registry/core/namespaces/" + request.namespace();
    }

    private void provide(AdmissionRequest request) {
        ObjectNode namespace = Trees.newObject().put("apiVersion", "v1").put("kind", "Namespace");
        ObjectNode metadata = namespace.putObject("metadata");
        metadata.put("name", request.namespace());
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put(
                "creationTimestamp",
                InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS).toString());
        metadata.putObject("labels").put("kubernetes.io/metadata.name", request.namespace());
        namespace.putObject("spec").putArray("finalizers").add("kubernetes");
        namespace.putObject("status").put("phase", "Active");
        try {
            storage.create(key(request), namespace);
        } catch (KeyExists e) {
            return; // Somebody else was faster: there it is.
        }
    }
}
