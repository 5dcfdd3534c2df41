package io.vertikube.controller.endpointslice;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Service;
import io.vertikube.cache.Informer;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.frame.OwnKey;
import io.vertikube.controller.workload.PodWrites;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.util.Optional;

/**
 * Repeats in slices the Endpoints that someone wrote by hand for a Service without selector, because only slices are read by those
 * who route. Keys are Services and the Endpoints of their name.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#endpointslice-mirroring">Mirroring</a>
 */
public final class MirroringReconciler implements Reconciler {
    private final Informer<Service> services;
    private final Informer<Endpoints> endpoints;
    private final ManagedSlices slices;
    private final EventRecorder events;
    private final int largest;

    MirroringReconciler(ControllerContext context, int largest) {
        this.services = context.informer(Service.class);
        this.endpoints = context.informer(Endpoints.class);
        this.slices = new ManagedSlices(context, SliceOwner.MIRRORING);
        this.events = context.events("endpoint-slice-mirroring-controller");
        this.largest = largest;
    }

    /** @param largest how many addresses of one subset are mirrored */
    public static ManagedController controller(ControllerContext context, int workers, int largest) {
        var reconciler = new MirroringReconciler(context, largest);
        Controller queue = context.queue("endpointslice-mirroring-controller", workers, reconciler);
        reconciler.services.onChange(OwnKey.in(queue));
        reconciler.endpoints.onChange(OwnKey.in(queue));
        reconciler.slices.listen(queue);
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Endpoints> found = endpoints.get(key);
        if (found.isEmpty() || !MirroredEndpoints.due(services.get(key), found.get())) {
            slices.removeAll(key);
            return Outcome.done();
        }
        if (!slices.settled(key)) {
            return Outcome.done();
        }
        MirroredEndpoints mirrored = MirroredEndpoints.of(found.get(), largest);
        if (mirrored.leftOut() > 0) {
            events.warning(
                    found.get(),
                    "TooManyAddressesToMirror",
                    "A max of " + largest + " addresses can be mirrored to EndpointSlices per Endpoints subset. "
                            + mirrored.leftOut() + " addresses were skipped");
        }
        SlicePlan plan = SlicePlan.of(SliceOwner.of(found.get()), mirrored.wanted(), slices.of(key));
        try {
            slices.carryOut(key, plan);
        } catch (ApiException refused) {
            if (PodWrites.namespaceLeaves(refused)) {
                return Outcome.done();
            }
            if (!refused.isConflict()) {
                events.warning(
                        found.get(),
                        "FailedToUpdateEndpointSlices",
                        "Error updating EndpointSlices for " + key + ": " + refused.getMessage());
            }
            throw refused;
        }
        return Outcome.done();
    }
}
