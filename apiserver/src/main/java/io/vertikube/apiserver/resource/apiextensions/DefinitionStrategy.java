package io.vertikube.apiserver.resource.apiextensions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Trees;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The rules of CustomResourceDefinitions. Pure. */
public final class DefinitionStrategy implements Strategy {

    private static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

    @Override
    public void applyDefaults(ObjectNode definition) {
        Trees.find(definition, "spec")
                .flatMap(spec -> Trees.find(spec, "names"))
                .ifPresent(names -> {
                    String kind = names.path("kind").asText();
                    if (!kind.isEmpty()) {
                        Trees.setIfAbsent(names, "singular", kind.toLowerCase(Locale.ROOT));
                        Trees.setIfAbsent(names, "listKind", kind + "List");
                    }
                });
    }

    @Override
    public void prepareForCreate(ObjectNode definition) {
        ObjectNode status = definition.putObject("status");
        status.putArray("conditions");
        status.putObject("acceptedNames").put("plural", "").put("kind", "");
        status.putArray("storedVersions");
        rememberStorageVersion(definition);
    }

    @Override
    public void prepareForUpdate(ObjectNode definition, ObjectNode old) {
        rememberStorageVersion(definition);
    }

    /** Objects may be stored in this version from now on. */
    private static void rememberStorageVersion(ObjectNode definition) {
        ArrayNode stored = Trees.array(Trees.object(definition, "status"), "storedVersions");
        for (ObjectNode version : Trees.objects(definition.path("spec"), "versions")) {
            String name = version.path("name").asText();
            if (version.path("storage").asBoolean() && !Trees.contains(stored, name)) {
                stored.add(name);
            }
        }
    }

    /** The instances go first. */
    @Override
    public void prepareForDelete(ObjectNode definition, Instant now) {
        ArrayNode finalizers = Trees.array(Trees.object(definition, "metadata"), "finalizers");
        if (!Trees.contains(finalizers, FINALIZER)) {
            finalizers.add(FINALIZER);
        }
        ArrayNode conditions = Trees.array(Trees.object(definition, "status"), "conditions");
        conditions
                .addObject()
                .put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("message", "CustomResource deletion will be initiated soon")
                .put("reason", "InstanceDeletionPending")
                .put("status", "True")
                .put("type", "Terminating");
    }
}
