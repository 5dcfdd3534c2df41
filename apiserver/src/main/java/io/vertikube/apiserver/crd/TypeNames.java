package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.catalog.ResourceType;
import java.util.List;

/** The names of a type ("CustomResourceDefinitionNames" in the API reference). Immutable. */
record TypeNames(
        String plural,
        String singular,
        List<String> shortNames,
        String kind,
        String listKind,
        List<String> categories) {

    static final TypeNames NONE = new TypeNames("", "", List.of(), "", "", List.of());

    TypeNames {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
    }

    static TypeNames of(JsonNode names) {
        return new TypeNames(
                names.path("plural").asText(),
                names.path("singular").asText(),
                Trees.texts(names.path("shortNames")),
                names.path("kind").asText(),
                names.path("listKind").asText(),
                Trees.texts(names.path("categories")));
    }

    /** Those of a type that is built in. */
    static TypeNames of(ResourceType type) {
        return new TypeNames(
                type.plural(),
                type.singular(),
                type.shortNames(),
                type.kind(),
                type.kind() + "List",
                type.categories());
    }

    ObjectNode tree() {
        ObjectNode tree = Trees.newObject();
        put(tree, "singular", singular);
        put(tree, "listKind", listKind);
        if (!shortNames.isEmpty()) {
            tree.set("shortNames", Trees.arrayOf(shortNames));
        }
        if (!categories.isEmpty()) {
            tree.set("categories", Trees.arrayOf(categories));
        }
        return tree.put("plural", plural).put("kind", kind);
    }

    private static void put(ObjectNode tree, String field, String value) {
        if (!value.isEmpty()) {
            tree.put(field, value);
        }
    }
}
