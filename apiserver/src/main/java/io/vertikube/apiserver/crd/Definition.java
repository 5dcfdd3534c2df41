package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A stored CustomResourceDefinition, read once. Immutable to the eye: nobody changes its tree.
 *
 * @param revision of the stored definition
 */
record Definition(String key, long revision, ObjectNode tree) {

    static final String PREFIX = "/registry/apiextensions.k8s.io/customresourcedefinitions/";
    static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

    static Definition of(StoredObject stored) {
        return new Definition(stored.key(), stored.revision(), stored.tree());
    }

    String name() {
        return Trees.text(tree, "metadata", "name");
    }

    String uid() {
        return Trees.text(tree, "metadata", "uid");
    }

    String group() {
        return Trees.text(tree, "spec", "group");
    }

    boolean namespaced() {
        return Trees.text(tree, "spec", "scope").equals("Namespaced");
    }

    /** The names that it asks for. */
    TypeNames asked() {
        return TypeNames.of(tree.path("spec").path("names"));
    }

    /** The names that it has been given. */
    TypeNames accepted() {
        return TypeNames.of(tree.path("status").path("acceptedNames"));
    }

    List<ObjectNode> versions() {
        return Trees.objects(tree.path("spec"), "versions");
    }

    /** The version that objects are written in. */
    String storageVersion() {
        return versions().stream()
                .filter(v -> v.path("storage").asBoolean())
                .map(v -> v.path("name").asText())
                .findFirst()
                .orElse("");
    }

    Optional<ObjectNode> version(String name) {
        return versions().stream()
                .filter(v -> v.path("name").asText().equals(name))
                .findFirst();
    }

    boolean terminating() {
        return tree.path("metadata").has("deletionTimestamp");
    }

    boolean cleansUp() {
        return Trees.contains(tree.path("metadata").path("finalizers"), FINALIZER);
    }

    boolean is(String condition) {
        return Conditions.find(tree, condition)
                .filter(c -> c.path("status").asText().equals("True"))
                .isPresent();
    }

    /** Where its instances are stored. */
    String instances() {
        return "/registry/" + group() + "/" + asked().plural() + "/";
    }

    /** The version's schema; an empty one if it states none. */
    static JsonNode schema(JsonNode version) {
        return version.path("schema").path("openAPIV3Schema");
    }

    /** What decides how its objects are served; the rest of it may change without anybody noticing. */
    List<JsonNode> served() {
        var parts = new ArrayList<JsonNode>();
        parts.add(tree.path("spec"));
        parts.add(tree.path("status").path("acceptedNames"));
        parts.add(tree.path("metadata").path("uid"));
        parts.add(tree.path("metadata").path("deletionTimestamp"));
        return parts;
    }
}
