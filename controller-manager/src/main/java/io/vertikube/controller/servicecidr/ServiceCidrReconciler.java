package io.vertikube.controller.servicecidr;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.networking.v1.IPAddress;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.vertikube.cache.Informer;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.frame.OwnKey;
import io.vertikube.controller.servicecidr.ServiceCidrPlan.Step;
import io.vertikube.controller.workload.FencedPatch;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Makes one ServiceCIDR ready, and keeps a deleted one until nobody has an address of it. Keys are ServiceCIDRs. */
public final class ServiceCidrReconciler implements Reconciler {
    private final Informer<ServiceCIDR> ranges;
    private final Informer<IPAddress> addresses;
    private final TypedClient<ServiceCIDR> client;
    private final InstantSource clock;

    ServiceCidrReconciler(ControllerContext context) {
        this.ranges = context.informer(ServiceCIDR.class);
        this.addresses = context.informer(IPAddress.class);
        this.client = context.client().of(ServiceCIDR.class);
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new ServiceCidrReconciler(context);
        Controller queue = context.queue("service-cidr-controller", workers, reconciler);
        reconciler.ranges.onChange(OwnKey.in(queue));
        reconciler.ranges.onChange((before, after) -> {
            if (before == null || after == null) {
                reconciler.enqueueLeaving(queue); // Another range may hold their addresses, or has ceased to.
            }
        });
        reconciler.addresses.onChange((before, after) -> {
            if (after == null) {
                reconciler.enqueueLeaving(queue);
            }
        });
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<ServiceCIDR> found = ranges.get(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        ServiceCIDR range = found.get();
        List<String> taken = range.getMetadata().getDeletionTimestamp() == null
                ? List.of()
                : addresses.list().stream()
                        .map(address -> address.getMetadata().getName())
                        .toList();
        Step step = ServiceCidrPlan.of(range, ranges.list(), taken, clock.instant());
        try {
            return carryOut(range, step);
        } catch (ApiException refused) {
            if (refused.isNotFound()) {
                return Outcome.done();
            }
            throw refused;
        }
    }

    private Outcome carryOut(ServiceCIDR range, Step step) {
        switch (step) {
            case Step.Nothing() -> {}
            case Step.Wait(var left) -> {
                return Outcome.again(left);
            }
            case Step.Guard() -> finalizers(range, true);
            case Step.LetGo() -> finalizers(range, false);
            case Step.Tell(String status, String reason, String message) -> {
                ObjectNode patch = FencedPatch.of(range.getMetadata());
                patch.putObject("status")
                        .putArray("conditions")
                        .addObject()
                        .put("type", "Ready")
                        .put("status", status)
                        .put("reason", reason)
                        .put("message", message)
                        .put("lastTransitionTime", Fields.time(clock.instant()));
                client.patch("", range.getMetadata().getName(), PatchType.MERGE, Json.bytes(patch), "status");
            }
        }
        return Outcome.done();
    }

    private void finalizers(ServiceCIDR range, boolean guarded) {
        ObjectNode patch = FencedPatch.of(range.getMetadata());
        ArrayNode list = patch.withObject("/metadata").putArray("finalizers");
        Fields.list(range.getMetadata().getFinalizers()).stream()
                .filter(finalizer -> !finalizer.equals(ServiceCidrPlan.FINALIZER))
                .forEach(list::add);
        if (guarded) {
            list.add(ServiceCidrPlan.FINALIZER);
        }
        client.patch("", range.getMetadata().getName(), PatchType.MERGE, Json.bytes(patch), null);
    }

    private void enqueueLeaving(Controller queue) {
        for (ServiceCIDR range : ranges.list()) {
            if (range.getMetadata().getDeletionTimestamp() != null) {
                queue.enqueue(ObjectKey.of(range));
            }
        }
    }
}
