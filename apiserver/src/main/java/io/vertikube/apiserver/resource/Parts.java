package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import java.util.List;

/**
 * Subresources through which only one part of an object is written: ephemeral containers and resources of a pod, the
 * approval of a signing request, the finalizers of a namespace. Everything else stays as it is stored. Pure but for the
 * tree it is given.
 */
final class Parts {

    private Parts() {}

    /** Takes from the object only what the subresource may change; false where that is no part. */
    static boolean narrow(String subresource, ObjectNode object, ObjectNode old) {
        switch (subresource) {
            case "ephemeralcontainers" -> only(object, old, List.of("spec", "ephemeralContainers"));
            case "finalize" -> only(object, old, List.of("spec", "finalizers"));
            case "approval" -> only(object, old, List.of("status", "conditions"));
            case "resize" -> resources(object, old);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void only(ObjectNode object, ObjectNode old, List<String> path) {
        JsonNode wanted = object;
        for (String field : path) {
            wanted = wanted.path(field);
        }
        JsonNode managed = object.path("metadata").path("managedFields");
        JsonNode part = wanted.deepCopy();
        ObjectNode kept = old.deepCopy();
        ObjectNode parent = Trees.object(kept, path.getFirst());
        if (part.isMissingNode()) {
            parent.remove(path.getLast());
        } else {
            parent.set(path.getLast(), part);
        }
        replace(object, kept, managed);
    }

    private static void resources(ObjectNode object, ObjectNode old) {
        JsonNode managed = object.path("metadata").path("managedFields");
        ObjectNode kept = old.deepCopy();
        for (String list : List.of("containers", "initContainers")) {
            for (ObjectNode container : Trees.objects(kept.path("spec"), list)) {
                for (ObjectNode wanted : Trees.objects(object.path("spec"), list)) {
                    if (wanted.path("name").equals(container.path("name"))) {
                        Trees.keep(container, wanted, "resources");
                        Trees.keep(container, wanted, "resizePolicy");
                    }
                }
            }
        }
        replace(object, kept, managed);
    }

    private static void replace(ObjectNode object, ObjectNode by, JsonNode managedFields) {
        object.removeAll();
        object.setAll(by);
        if (!managedFields.isMissingNode()) {
            SystemFields.metadata(object).set("managedFields", managedFields);
        }
    }
}
