package io.vertikube.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.catalog.Subresource;
import io.vertikube.object.Gvk;
import java.util.Comparator;
import java.util.Set;

/** All groups with all their resources in one document ("Aggregated discovery", KEP-3352). Pure. */
final class AggregatedDiscovery {

    private AggregatedDiscovery() {}

    /**
     * @param core the legacy group alone ({@code /api}), else all the others ({@code /apis})
     * @param form {@code v2} or {@code v2beta1}
     */
    static ObjectNode document(Catalog catalog, boolean core, String form) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", "APIGroupDiscoveryList");
        list.put("apiVersion", "apidiscovery.k8s.io/" + form);
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        ResourceLists.versionsByGroup(catalog).forEach((group, versions) -> {
            if (group.isEmpty() == core) {
                group(items.addObject(), catalog, group, versions);
            }
        });
        return list;
    }

    private static void group(ObjectNode tree, Catalog catalog, String group, Set<String> versions) {
        ObjectNode metadata = tree.putObject("metadata");
        if (!group.isEmpty()) {
            metadata.put("name", group);
        }
        metadata.putNull("creationTimestamp");
        ArrayNode list = tree.putArray("versions");
        for (String version : versions) {
            ObjectNode one = list.addObject();
            one.put("version", version);
            ArrayNode resources = one.putArray("resources");
            ResourceLists.of(catalog, group, version).forEach(type -> resource(resources.addObject(), type));
            one.put("freshness", "Current");
        }
    }

    private static void resource(ObjectNode tree, ResourceType type) {
        tree.put("resource", type.plural());
        kind(tree, type.gvk());
        tree.put("scope", type.namespaced() ? "Namespaced" : "Cluster");
        tree.put("singularResource", type.singular());
        ResourceLists.texts(tree, "verbs", type.verbs().stream().sorted().toList());
        ResourceLists.texts(tree, "shortNames", type.shortNames());
        ResourceLists.texts(tree, "categories", type.categories());
        if (!type.subresources().isEmpty()) {
            ArrayNode subresources = tree.putArray("subresources");
            type.subresources().stream()
                    .sorted(Comparator.comparing(Subresource::name))
                    .forEach(sub -> {
                        ObjectNode one = subresources.addObject();
                        one.put("subresource", sub.name());
                        kind(one, sub.kind());
                        ResourceLists.texts(
                                one, "verbs", sub.verbs().stream().sorted().toList());
                    });
        }
    }

    private static void kind(ObjectNode tree, Gvk kind) {
        tree.putObject("responseKind")
                .put("group", kind.group())
                .put("version", kind.version())
                .put("kind", kind.kind());
    }
}
