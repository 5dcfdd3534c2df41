package io.vertikube.controller.serviceaccount;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.frame.Namespaces;
import io.vertikube.controller.workload.PodWrites;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;

/** Creates the account {@code default} in a namespace that lacks it. Keys are namespaces. */
public final class ServiceAccountReconciler implements Reconciler {
    private static final String NAME = "default";

    private final Informer<Namespace> namespaces;
    private final Informer<ServiceAccount> accounts;
    private final TypedClient<ServiceAccount> client;

    ServiceAccountReconciler(ControllerContext context) {
        this.namespaces = context.informer(Namespace.class);
        this.accounts = context.informer(ServiceAccount.class);
        this.client = context.client().of(ServiceAccount.class);
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new ServiceAccountReconciler(context);
        Controller queue = context.queue("serviceaccount-controller", workers, reconciler);
        Namespaces.enqueueChanged(reconciler.namespaces, queue);
        reconciler.accounts.onChange((before, after) -> {
            if (after == null
                    && before != null
                    && NAME.equals(before.getMetadata().getName())) {
                queue.enqueue(ObjectKey.cluster(before.getMetadata().getNamespace()));
            }
        });
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        boolean wanted = Namespaces.active(namespaces.get(key));
        if (!wanted || accounts.get(new ObjectKey(key.name(), NAME)).isPresent()) {
            return Outcome.done();
        }
        try {
            client.create(new ServiceAccountBuilder()
                    .withMetadata(new ObjectMetaBuilder()
                            .withName(NAME)
                            .withNamespace(key.name())
                            .build())
                    .build());
        } catch (ApiException refused) {
            if (!refused.isAlreadyExists() && !refused.isNotFound() && !PodWrites.namespaceLeaves(refused)) {
                throw refused;
            }
        }
        return Outcome.done();
    }
}
