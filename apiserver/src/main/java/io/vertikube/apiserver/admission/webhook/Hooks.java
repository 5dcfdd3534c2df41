package io.vertikube.apiserver.admission.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.authz.ParsedObjects;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The webhooks that are configured, and which of them are for a write. Safe for any thread. */
final class Hooks {

    /** A hook for a write, in the version that it wants to see. */
    record Match(Hook hook, ResourceType seenAs) {}

    private static final String GROUP = "admissionregistration.k8s.io";

    private final ObjectStorage storage;
    private final Supplier<Catalog> catalog;
    private final ParsedObjects<List<Hook>> configured;

    /** @param plural {@code mutatingwebhookconfigurations} or the validating ones */
    Hooks(ObjectStorage storage, Supplier<Catalog> catalog, String plural) {
        this.storage = storage;
        this.catalog = catalog;
        this.configured = new ParsedObjects<>("/registry/" + GROUP + "/" + plural + "/", Hook::of);
    }

    /** In the order of their configurations' names. What configures webhooks is never sent to one. */
    List<Match> of(AdmissionRequest request) {
        if (request.type().group().equals(GROUP)) {
            return List.of();
        }
        Snapshot now = storage.snapshot(Read.any());
        Map<String, List<Hook>> all = configured.read(now);
        if (all.isEmpty()) {
            return List.of();
        }
        List<Match> matches = new ArrayList<>();
        new TreeMap<>(all)
                .values()
                .forEach(hooks -> hooks.forEach(
                        hook -> seenAs(hook, request, now).ifPresent(type -> matches.add(new Match(hook, type)))));
        return matches;
    }

    private Optional<ResourceType> seenAs(Hook hook, AdmissionRequest request, Snapshot now) {
        Optional<ResourceType> type = version(hook, request);
        return type.isPresent() && namespace(hook, request, now) && object(hook, request) ? type : Optional.empty();
    }

    private Optional<ResourceType> version(Hook hook, AdmissionRequest request) {
        if (hook.isAbout(request.type(), request.subresource(), request.operation())) {
            return Optional.of(request.type());
        }
        if (!hook.equivalent()) {
            return Optional.empty();
        }
        return catalog.get().all().stream()
                .filter(row -> row.storagePrefix().equals(request.type().storagePrefix()))
                .filter(row -> hook.isAbout(row, request.subresource(), request.operation()))
                .findFirst();
    }

    /** Objects outside of namespaces are never left out by the selector; a namespace is selected by its own labels. */
    private static boolean namespace(Hook hook, AdmissionRequest request, Snapshot now) {
        boolean itself = request.isForAnyPartOf("", "namespaces");
        if (itself) {
            ObjectNode object = request.object() != null ? request.object() : request.oldObject();
            return object == null || hook.namespaces().matches(labels(object));
        }
        if (request.namespace().isEmpty()) {
            return true;
        }
        Map<String, String> labels = now.get("/registry/core/namespaces/" + request.namespace())
                .map(StoredObject::labels)
                .orElse(Map.of());
        return hook.namespaces().matches(labels);
    }

    private static boolean object(Hook hook, AdmissionRequest request) {
        return selects(hook, request.object()) || selects(hook, request.oldObject());
    }

    private static boolean selects(Hook hook, @Nullable ObjectNode object) {
        return object != null && hook.objects().matches(labels(object));
    }

    private static Map<String, String> labels(ObjectNode object) {
        return Trees.strings(object.path("metadata").path("labels"));
    }
}
