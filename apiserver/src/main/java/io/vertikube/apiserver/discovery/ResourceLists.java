package io.vertikube.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.catalog.Subresource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Discovery as clients before aggregation read it: {@code APIVersions}, {@code APIGroupList}, {@code APIGroup}, {@code
 * APIResourceList}. Pure.
 */
final class ResourceLists {

    private ResourceLists() {}

    /** {@code /api}. */
    static ObjectNode coreVersions(String serverAddress) {
        ObjectNode versions = JsonNodeFactory.instance.objectNode();
        versions.put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", serverAddress);
        return versions;
    }

    /** {@code /apis}. */
    static ObjectNode groupList(Catalog catalog) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", "APIGroupList");
        list.put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        versionsByGroup(catalog).forEach((group, versions) -> {
            if (!group.isEmpty()) {
                group(groups.addObject(), group, versions);
            }
        });
        return list;
    }

    /** {@code /apis/<group>}; without versions if there is no such group. */
    static ObjectNode group(Catalog catalog, String group) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("kind", "APIGroup");
        tree.put("apiVersion", "v1");
        group(tree, group, versionsByGroup(catalog).getOrDefault(group, Set.of()));
        return tree;
    }

    private static void group(ObjectNode tree, String group, Collection<String> versions) {
        tree.put("name", group);
        ArrayNode list = tree.putArray("versions");
        for (String version : versions) {
            list.addObject().put("groupVersion", group + "/" + version).put("version", version);
        }
        versions.stream()
                .findFirst()
                .ifPresent(preferred -> tree.putObject("preferredVersion")
                        .put("groupVersion", group + "/" + preferred)
                        .put("version", preferred));
    }

    /** The versions of each group, the preferred one first, groups in the catalogue's order. */
    static Map<String, Set<String>> versionsByGroup(Catalog catalog) {
        var groups = new LinkedHashMap<String, Set<String>>();
        for (ResourceType type : catalog.all()) {
            groups.computeIfAbsent(type.group(), g -> new LinkedHashSet<>()).add(type.version());
        }
        groups.replaceAll((group, versions) -> versions.stream()
                .sorted(VersionOrder.NEWEST_FIRST)
                .collect(Collectors.toCollection(LinkedHashSet::new)));
        return groups;
    }

    /** {@code /api/v1} or {@code /apis/<group>/<version>}; without resources if there is no such version. */
    static ObjectNode resourceList(Catalog catalog, String group, String version) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", "APIResourceList");
        if (!group.isEmpty()) {
            list.put("apiVersion", "v1");
        }
        list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode resources = list.putArray("resources");
        for (ResourceType type : of(catalog, group, version)) {
            resource(resources.addObject(), type);
            type.subresources().stream()
                    .sorted(Comparator.comparing(Subresource::name))
                    .forEach(sub -> subresource(resources.addObject(), type, sub));
        }
        return list;
    }

    /** The rows of a group version by name. */
    static List<ResourceType> of(Catalog catalog, String group, String version) {
        return catalog.all().stream()
                .filter(t -> t.group().equals(group) && t.version().equals(version))
                .sorted(Comparator.comparing(ResourceType::plural))
                .toList();
    }

    private static void resource(ObjectNode tree, ResourceType type) {
        tree.put("name", type.plural());
        tree.put("singularName", type.singular());
        tree.put("namespaced", type.namespaced());
        tree.put("kind", type.kind());
        texts(tree, "verbs", type.verbs().stream().sorted().toList());
        texts(tree, "shortNames", type.shortNames());
        texts(tree, "categories", type.categories());
        if (type.stored() && type.hasVerb("create")) {
            tree.put("storageVersionHash", storageVersionHash(type));
        }
    }

    private static void subresource(ObjectNode tree, ResourceType type, Subresource sub) {
        tree.put("name", type.plural() + "/" + sub.name());
        tree.put("singularName", "");
        tree.put("namespaced", type.namespaced());
        if (!sub.kind().group().equals(type.group()) || !sub.kind().version().equals(type.version())) {
            tree.put("group", sub.kind().group());
            tree.put("version", sub.kind().version());
        }
        tree.put("kind", sub.kind().kind());
        texts(tree, "verbs", sub.verbs().stream().sorted().toList());
    }

    static void texts(ObjectNode tree, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode list = tree.putArray(field);
            values.forEach(list::add);
        }
    }

    /** Tells clients whether the stored form is still the one they knew. */
    private static String storageVersionHash(ResourceType type) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((type.group() + "/" + type.version() + "/" + type.kind()).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(digest, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
