package io.vertikube.apiserver.resource;

import io.vertikube.catalog.ResourceType;
import java.util.List;
import java.util.Set;

/**
 * What a write through {@code /status} of a built-in kind does not change of metadata, beyond what the server alone sets. It differs from kind
 * to kind, as it does in Kubernetes: kinds that came late keep all of it, of pods only the owners stay, and labels of most
 * older kinds may be written (nodes are labelled so). Pure.
 */
public final class StatusReach {

    /** All that a client may change in other ways. */
    public static final List<String> ALL = List.of("labels", "annotations", "finalizers", "ownerReferences");

    private static final Set<String> LATE = Set.of(
            "customresourcedefinitions.apiextensions.k8s.io",
            "flowschemas.flowcontrol.apiserver.k8s.io",
            "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
            "validatingadmissionpolicies.admissionregistration.k8s.io",
            "resourceclaims.resource.k8s.io",
            "volumeattachments.storage.k8s.io",
            "servicecidrs.networking.k8s.io",
            "apiservices.apiregistration.k8s.io");

    private StatusReach() {}

    /** Fields of metadata that stay as they are stored. */
    static List<String> kept(ResourceType type) {
        String name = type.plural() + "." + type.group();
        return switch (name) {
            case "pods." -> List.of("ownerReferences");
            case "deployments.apps" -> List.of("labels");
            default -> LATE.contains(name) ? ALL : List.of();
        };
    }
}
