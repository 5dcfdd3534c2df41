package io.vertikube.catalog;

import io.vertikube.object.Gvk;
import io.vertikube.object.Gvr;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A row of the catalogue: what there is to know of a resource before any object of it is seen. Immutable.
 *
 * @param plural the resource's name in URLs
 * @param verbs the verbs of the resource itself, in API words ({@code deletecollection}, …)
 */
public record ResourceType(
        String group,
        String version,
        String kind,
        String plural,
        String singular,
        List<String> shortNames,
        boolean namespaced,
        Set<String> verbs,
        List<Subresource> subresources,
        List<String> categories) {

    public ResourceType {
        shortNames = List.copyOf(shortNames);
        verbs = Set.copyOf(verbs);
        subresources = List.copyOf(subresources);
        categories = List.copyOf(categories);
    }

    public Gvr gvr() {
        return new Gvr(group, version, plural);
    }

    public Gvk gvk() {
        return new Gvk(group, version, kind);
    }

    /** {@code v1} or {@code group/version}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code /api/v1} or {@code /apis/group/version}. */
    public String apiPath() {
        return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    }

    /** {@code /api/v1/namespaces/ns/pods}; with an empty namespace, the path over all. */
    public String collectionPath(String namespace) {
        return namespaced && !namespace.isEmpty()
                ? apiPath() + "/namespaces/" + namespace + "/" + plural
                : apiPath() + "/" + plural;
    }

    /** The path of one object. */
    public String objectPath(String namespace, String name) {
        return collectionPath(namespace) + "/" + name;
    }

    /** Where the type's objects begin in the store; versions of one group share it, and so do both groups of events. */
    public String storagePrefix() {
        boolean core = group.isEmpty() || (group.equals("events.k8s.io") && plural.equals("events"));
        return "/registry/" + (core ? "core" : group) + "/" + plural + "/";
    }

    /** Where one object is stored. */
    public String storageKey(String namespace, String name) {
        return namespaced ? storagePrefix() + namespace + "/" + name : storagePrefix() + name;
    }

    public Optional<Subresource> subresource(String name) {
        return subresources.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    public boolean hasVerb(String verb) {
        return verbs.contains(verb);
    }

    /** Whether objects of it are stored; create-only reviews are not. */
    public boolean stored() {
        return verbs.contains("get");
    }
}
