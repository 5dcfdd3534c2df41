package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.catalog.ResourceType;
import io.vertikube.catalog.Subresource;
import io.vertikube.object.Gvk;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The row of the catalogue that a version of a definition adds. Pure. */
final class Rows {

    private static final Set<String> VERBS =
            Set.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final Set<String> READ_WRITE = Set.of("get", "patch", "update");

    private Rows() {}

    static ResourceType of(Definition definition, JsonNode version) {
        TypeNames names = definition.accepted();
        String name = version.path("name").asText();
        List<Subresource> subresources = new ArrayList<>();
        if (version.path("subresources").hasNonNull("status")) {
            subresources.add(new Subresource("status", new Gvk(definition.group(), name, names.kind()), READ_WRITE));
        }
        if (version.path("subresources").hasNonNull("scale")) {
            subresources.add(new Subresource("scale", new Gvk("autoscaling", "v1", "Scale"), READ_WRITE));
        }
        return new ResourceType(
                definition.group(),
                name,
                names.kind(),
                names.plural(),
                names.singular(),
                names.shortNames(),
                definition.namespaced(),
                VERBS,
                subresources,
                names.categories());
    }
}
