package io.vertikube.controller.endpoints;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.frame.OwnKey;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.PodWrites;
import io.vertikube.controller.workload.Removal;
import io.vertikube.controller.workload.Same;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.util.List;
import java.util.Optional;

/** Writes the Endpoints of one Service when they differ from the wanted ones. One key, one worker at a time. */
public final class EndpointsReconciler implements Reconciler {
    private final Informer<Service> services;
    private final Informer<Pod> pods;
    private final Informer<Endpoints> endpoints;
    private final TypedClient<Endpoints> client;
    private final EventRecorder events;

    EndpointsReconciler(ControllerContext context) {
        this.services = context.informer(Service.class);
        this.pods = context.informer(Pod.class);
        this.endpoints = context.informer(Endpoints.class);
        this.client = context.client().of(Endpoints.class);
        this.events = context.events("endpoint-controller");
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new EndpointsReconciler(context);
        Controller queue = context.queue("endpoints-controller", workers, reconciler);
        reconciler.services.onChange(OwnKey.in(queue));
        reconciler.endpoints.onChange(OwnKey.in(queue));
        reconciler.pods.onChange(
                (before, after) -> ServicePods.servicesOf(reconciler.services, before, after, queue::enqueue));
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Service> service = services.get(key);
        Optional<Endpoints> current = endpoints.get(key);
        if (service.isEmpty()) {
            current.filter(EndpointsReconciler::ours).ifPresent(this::delete);
            return Outcome.done();
        }
        if (!ServicePods.selectsPods(service.get())) {
            return Outcome.done();
        }
        List<Pod> selected = ServicePods.of(service.get(), pods);
        Endpoints wanted = EndpointsPlan.of(service.get(), selected, current);
        if (current.isPresent() && Same.meaning(wanted, current.get())) {
            return Outcome.done();
        }
        TriggerTime.tell(service.get(), selected, current.stream().toList(), List.of(wanted));
        if (current.isEmpty()) {
            create(service.get(), wanted);
        } else {
            client.update(wanted);
        }
        return Outcome.done();
    }

    private void create(Service service, Endpoints wanted) {
        try {
            client.create(wanted);
        } catch (ApiException refused) {
            if (PodWrites.namespaceLeaves(refused)) {
                return;
            }
            if (!refused.isAlreadyExists()) {
                events.warning(
                        service,
                        "FailedToCreateEndpoint",
                        "Failed to create endpoint for service " + ObjectKey.of(service) + ": " + refused.getMessage());
            }
            throw refused;
        }
    }

    /** Endpoints that someone wrote by hand outlive no Service of theirs, but are not ours to delete. */
    private static boolean ours(Endpoints endpoints) {
        return Fields.map(endpoints.getMetadata().getLabels()).containsKey(EndpointsPlan.MANAGED_BY);
    }

    private void delete(Endpoints endpoints) {
        Removal.of(client, endpoints);
    }
}
