package io.vertikube.controller.workload;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Preconditions;
import io.vertikube.client.ApiClient;
import io.vertikube.client.TypedClient;
import io.vertikube.control.EventRecorder;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;

/**
 * Creates and deletes the pods of an owner and tells about it in events on the owner. One API write a pod. Blocks; call from a
 * virtual thread; safe for any.
 */
public final class PodWrites {
    private final TypedClient<Pod> pods;
    private final EventRecorder events;

    public PodWrites(ApiClient client, EventRecorder events) {
        this.pods = client.of(Pod.class);
        this.events = events;
    }

    /** A pod as the template of {@code owner} wants it, unnamed: the server completes {@code <owner>-}. */
    public static Pod fromTemplate(PodTemplateSpec template, HasMetadata owner, Gvk kind) {
        ObjectMeta wanted = template.getMetadata() == null ? new ObjectMeta() : template.getMetadata();
        return new PodBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withGenerateName(owner.getMetadata().getName() + "-")
                        .withNamespace(owner.getMetadata().getNamespace())
                        .withLabels(Fields.map(wanted.getLabels()))
                        .withAnnotations(wanted.getAnnotations())
                        .withFinalizers(Fields.list(wanted.getFinalizers()))
                        .withOwnerReferences(Owners.controllerReference(owner, kind))
                        .build())
                .withSpec(template.getSpec())
                .build();
    }

    public Pod create(Pod pod, HasMetadata owner) {
        try {
            Pod created = pods.create(pod);
            events.normal(
                    owner,
                    "SuccessfulCreate",
                    "Created pod: " + created.getMetadata().getName());
            return created;
        } catch (ApiException refused) {
            if (!namespaceLeaves(refused)) {
                events.warning(owner, "FailedCreate", "Error creating: " + refused.getMessage());
            }
            throw refused;
        }
    }

    /** Deletes exactly this pod; one that is gone already is no failure. */
    public void delete(Pod pod, HasMetadata owner) {
        var options = new DeleteOptions();
        options.setPreconditions(new Preconditions(null, pod.getMetadata().getUid()));
        String name = pod.getMetadata().getName();
        try {
            pods.delete(pod.getMetadata().getNamespace(), name, options);
            events.normal(owner, "SuccessfulDelete", "Deleted pod: " + name);
        } catch (ApiException refused) {
            if (refused.isNotFound() || refused.isConflict()) {
                return;
            }
            events.warning(owner, "FailedDelete", "Error deleting: " + refused.getMessage());
            throw refused;
        }
    }

    /** Whether a create was refused because its namespace is being deleted: nothing to tell and nothing to retry. */
    public static boolean namespaceLeaves(RuntimeException failure) {
        if (!(failure instanceof ApiException refused)) {
            return false;
        }
        var details = refused.status().getDetails();
        return refused.isForbidden()
                && details != null
                && Fields.list(details.getCauses()).stream()
                        .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
    }
}
