package io.vertikube.controller.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.catalog.ResourceType;
import io.vertikube.client.ApiClient;
import io.vertikube.client.UnreachableException;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the resources that a server offers. Blocks; safe for any thread but event loops. */
public final class Discovery {
    private final ApiClient client;

    /**
     * What was found.
     *
     * @param preferred each resource once, in its group's preferred version
     * @param all each resource in every version
     * @param failures groups and versions that could not be read, with the reason
     */
    public record Found(List<ResourceType> preferred, List<ResourceType> all, Map<String, String> failures) {
        public Found {
            preferred = List.copyOf(preferred);
            all = List.copyOf(all);
            failures = Map.copyOf(failures);
        }
    }

    public Discovery(ApiClient client) {
        this.client = client;
    }

    public Found read() {
        var all = new ArrayList<ResourceType>();
        var preferred = new ArrayList<ResourceType>();
        var failures = new LinkedHashMap<String, String>();
        read("/api/v1", "", "v1", all, failures);
        preferred.addAll(all);
        for (JsonNode group : array("/apis", "groups")) {
            readGroup(group, all, preferred, failures);
        }
        return new Found(preferred, all, failures);
    }

    /** The resource of a kind, if the server offers it now. */
    public Optional<ResourceType> resource(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        var found = new ArrayList<ResourceType>();
        read(
                (slash < 0 ? "/api/" : "/apis/") + apiVersion,
                group,
                apiVersion.substring(slash + 1),
                found,
                new HashMap<>());
        return found.stream().filter(type -> type.kind().equals(kind)).findFirst();
    }

    private void readGroup(
            JsonNode group, List<ResourceType> all, List<ResourceType> preferred, Map<String, String> failures) {
        String name = group.path("name").asText();
        var versions = new LinkedHashSet<String>();
        versions.add(group.path("preferredVersion").path("version").asText());
        group.path("versions")
                .forEach(version -> versions.add(version.path("version").asText()));
        Set<String> seen = new LinkedHashSet<>();
        for (String version : versions) {
            var found = new ArrayList<ResourceType>();
            read("/apis/" + name + "/" + version, name, version, found, failures);
            all.addAll(found);
            for (ResourceType type : found) {
                if (seen.add(type.plural())) {
                    preferred.add(type);
                }
            }
        }
    }

    private void read(
            String path, String group, String version, List<ResourceType> into, Map<String, String> failures) {
        try {
            for (JsonNode resource : array(path, "resources")) {
                String name = resource.path("name").asText();
                if (!name.contains("/")) {
                    into.add(row(group, version, name, resource));
                }
            }
        } catch (ApiException | UnreachableException | UncheckedIOException failure) {
            failures.put(group.isEmpty() ? version : group + "/" + version, String.valueOf(failure.getMessage()));
        }
    }

    /** A list that must be there: an answer without one says nothing about what is served. */
    private JsonNode array(String path, String field) {
        JsonNode list = Json.tree(client.raw("GET", path, null, null)).path(field);
        if (!list.isArray()) {
            throw new UncheckedIOException(new IOException(path + " answered without " + field));
        }
        return list;
    }

    private static ResourceType row(String group, String version, String plural, JsonNode resource) {
        Set<String> verbs = new LinkedHashSet<>();
        resource.path("verbs").forEach(verb -> verbs.add(verb.asText()));
        return new ResourceType(
                group,
                version,
                resource.path("kind").asText(),
                plural,
                resource.path("singularName").asText(),
                List.of(),
                resource.path("namespaced").asBoolean(),
                verbs,
                List.of(),
                List.of());
    }
}
