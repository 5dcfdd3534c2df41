package io.vertikube.controller.namespace;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceStatus;
import io.fabric8.kubernetes.api.model.Preconditions;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Same;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Empties one namespace that is being deleted, says on its status what it waits for, and removes the {@code kubernetes}
 * finalizer once nothing is left. One key, one worker at a time.
 */
public final class NamespaceReconciler implements Reconciler {
    private static final String FINALIZER = "kubernetes";
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Informer<Namespace> namespaces;
    private final TypedClient<Namespace> client;
    private final NamespaceContents contents;
    private final InstantSource clock;

    NamespaceReconciler(ControllerContext context) {
        this.namespaces = context.informer(Namespace.class);
        this.client = context.client().of(Namespace.class);
        this.contents = new NamespaceContents(context.client());
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new NamespaceReconciler(context);
        Controller queue = context.queue("namespace-controller", workers, reconciler);
        reconciler.namespaces.onChange((before, after) -> {
            if (after != null && after.getMetadata().getDeletionTimestamp() != null) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        if (namespaces.get(key).isEmpty()) {
            return Outcome.done();
        }
        Optional<Namespace> live = client.find("", key.name());
        if (live.isEmpty() || live.get().getMetadata().getDeletionTimestamp() == null) {
            return Outcome.done();
        }
        Namespace namespace = live.get();
        List<String> finalizers = Fields.list(
                namespace.getSpec() == null ? null : namespace.getSpec().getFinalizers());
        if (!finalizers.contains(FINALIZER)) {
            removeIfDone(namespace, finalizers);
            return Outcome.done();
        }
        Remains remains = contents.delete(key.name());
        if (remains.nothing()) {
            finish(writeStatus(namespace, remains), finalizers);
            return Outcome.done();
        }
        writeStatus(namespace, remains);
        return Outcome.again(LOOK_AGAIN);
    }

    private Namespace writeStatus(Namespace namespace, Remains remains) {
        NamespaceStatus status = NamespaceStatusPlan.of(namespace.getStatus(), remains, clock.instant());
        boolean untold = remains.nothing()
                && Fields.list(
                                namespace.getStatus() == null
                                        ? null
                                        : namespace.getStatus().getConditions())
                        .isEmpty();
        if (untold || Same.meaning(status, namespace.getStatus())) {
            return namespace;
        }
        return client.updateStatus(
                new NamespaceBuilder(namespace).withStatus(status).build());
    }

    private void finish(Namespace namespace, List<String> finalizers) {
        var others = new ArrayList<>(finalizers);
        others.remove(FINALIZER);
        try {
            Namespace finalized = client.updateSubresource(
                    new NamespaceBuilder(namespace)
                            .editOrNewSpec()
                            .withFinalizers(others)
                            .endSpec()
                            .build(),
                    "finalize");
            removeIfDone(finalized, others);
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
    }

    /** With no finalizer left a server removes the namespace by itself; asking again is harmless where it did. */
    private void removeIfDone(Namespace namespace, List<String> finalizers) {
        boolean waits = !finalizers.isEmpty()
                || !Fields.list(namespace.getMetadata().getFinalizers()).isEmpty();
        if (waits) {
            return;
        }
        var options = new DeleteOptions();
        options.setPreconditions(new Preconditions(null, namespace.getMetadata().getUid()));
        try {
            client.delete("", namespace.getMetadata().getName(), options);
        } catch (ApiException refused) {
            if (!refused.isNotFound() && !refused.isConflict()) {
                throw refused;
            }
        }
    }
}
