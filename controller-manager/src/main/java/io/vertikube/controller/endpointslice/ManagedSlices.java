package io.vertikube.controller.endpointslice;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.workload.Expectations;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Removal;
import io.vertikube.object.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The slices that carry the name of one manager, by the Service they are for. New slices get their names from the server, so
 * creations that the cache has not shown yet are counted. Safe for any thread.
 */
final class ManagedSlices {
    private final String manager;
    private final Informer<EndpointSlice> slices;
    private final TypedClient<EndpointSlice> client;
    private final Expectations expectations;

    ManagedSlices(ControllerContext context, String manager) {
        this.manager = manager;
        this.slices = context.informer(EndpointSlice.class);
        this.client = context.client().of(EndpointSlice.class);
        this.expectations = new Expectations(context.clock());
        slices.addIndex(
                manager,
                slice -> serviceOf(slice).map(ObjectKey::toString).stream().toList());
    }

    /** Queues the Service of each slice that changes. */
    void listen(Controller queue) {
        slices.onChange((before, after) -> changed(queue, before, after));
    }

    List<EndpointSlice> of(ObjectKey service) {
        return slices.byIndex(manager, service.toString());
    }

    /** Whether the cache shows all slices that were created for a Service. */
    boolean settled(ObjectKey service) {
        return expectations.satisfied(service);
    }

    void removeAll(ObjectKey service) {
        expectations.forget(service);
        of(service).forEach(slice -> Removal.of(client, slice));
    }

    void carryOut(ObjectKey service, SlicePlan plan) {
        for (EndpointSlice slice : plan.create()) {
            expectations.expectCreations(service, 1);
            boolean created = false;
            try {
                client.create(slice);
                created = true;
            } finally {
                if (!created) {
                    expectations.lowerCreations(service, 1);
                }
            }
        }
        plan.update().forEach(client::update);
        plan.delete().forEach(slice -> Removal.of(client, slice));
    }

    private void changed(Controller queue, @Nullable EndpointSlice before, @Nullable EndpointSlice after) {
        EndpointSlice slice = after == null ? before : after;
        if (slice == null) {
            return;
        }
        serviceOf(slice).ifPresent(key -> {
            if (before == null) {
                expectations.creationObserved(key);
            }
            queue.enqueue(key);
        });
    }

    private Optional<ObjectKey> serviceOf(EndpointSlice slice) {
        Map<String, String> labels = Fields.map(slice.getMetadata().getLabels());
        String service = labels.get(SlicePlan.SERVICE_NAME);
        return service != null && manager.equals(labels.get(SlicePlan.MANAGED_BY))
                ? Optional.of(new ObjectKey(slice.getMetadata().getNamespace(), service))
                : Optional.empty();
    }
}
