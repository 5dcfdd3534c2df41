package io.vertikube.controller.endpointslice;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.vertikube.cache.Informer;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.endpoints.ServicePods;
import io.vertikube.controller.endpoints.TriggerTime;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.frame.OwnKey;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.PodWrites;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings the slices of one Service to what its pods call for. New slices have no names of their own before they are written, so
 * it plans only when those it created last have come back. One key, one worker at a time.
 */
public final class EndpointSliceReconciler implements Reconciler {
    private static final String HINTED = "Topology Aware Hints has been enabled";

    private final Informer<Service> services;
    private final Informer<Pod> pods;
    private final Informer<Node> nodes;
    private final ManagedSlices slices;
    private final EventRecorder events;

    /** What was said last of each Service that asks for shares by zone. */
    private final Map<String, String> hints = new ConcurrentHashMap<>();

    EndpointSliceReconciler(ControllerContext context) {
        this.services = context.informer(Service.class);
        this.pods = context.informer(Pod.class);
        this.nodes = context.informer(Node.class);
        this.slices = new ManagedSlices(context, SliceOwner.OF_SERVICE);
        this.events = context.events("endpoint-slice-controller");
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new EndpointSliceReconciler(context);
        Controller queue = context.queue("endpointslice-controller", workers, reconciler);
        reconciler.services.onChange(OwnKey.in(queue));
        reconciler.pods.onChange(
                (before, after) -> ServicePods.servicesOf(reconciler.services, before, after, queue::enqueue));
        reconciler.slices.listen(queue);
        reconciler.nodes.onChange((before, after) -> reconciler.nodeChanged(queue, before, after));
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Service> found = services.get(key);
        if (found.isEmpty()) {
            slices.removeAll(key);
            hints.keySet().removeIf(told -> told.startsWith(key + " "));
            return Outcome.done();
        }
        Service service = found.get();
        if (!ServicePods.selectsPods(service)
                || service.getMetadata().getDeletionTimestamp() != null
                || !slices.settled(key)) {
            return Outcome.done();
        }
        List<Pod> selected = ServicePods.of(service, pods);
        Map<String, String> zones = zones();
        List<WantedEndpoints> wanted = Families.of(service).stream()
                .map(family -> WantedEndpoints.of(service, selected, family, zones))
                .map(endpoints -> shared(key, service, endpoints))
                .toList();
        List<EndpointSlice> before = slices.of(key);
        SlicePlan plan = SlicePlan.of(SliceOwner.of(service), wanted, before);
        TriggerTime.tell(service, selected, before, plan.create());
        TriggerTime.tell(service, selected, before, plan.update());
        carryOut(key, service, plan);
        return Outcome.done();
    }

    private WantedEndpoints shared(ObjectKey key, Service service, WantedEndpoints wanted) {
        String told = key + " " + wanted.addressType();
        if (!ProportionalHints.asked(service)) {
            hints.remove(told);
            return wanted;
        }
        ProportionalHints shared = ProportionalHints.of(wanted, ZoneShares.of(nodes.list()));
        String now = shared.withheld().orElse(HINTED + ", addressType: " + wanted.addressType());
        if (!now.equals(hints.put(told, now))) {
            if (shared.withheld().isPresent()) {
                events.warning(service, "TopologyAwareHintsDisabled", now);
            } else {
                events.normal(service, "TopologyAwareHintsEnabled", now);
            }
        }
        return shared.endpoints();
    }

    private void carryOut(ObjectKey key, Service service, SlicePlan plan) {
        try {
            slices.carryOut(key, plan);
        } catch (ApiException refused) {
            if (PodWrites.namespaceLeaves(refused)) {
                return;
            }
            if (!refused.isConflict()) {
                events.warning(
                        service,
                        "FailedToUpdateEndpointSlices",
                        "Error updating Endpoint Slices for Service " + ObjectKey.of(service) + ": "
                                + refused.getMessage());
            }
            throw refused;
        }
    }

    private Map<String, String> zones() {
        var zones = new HashMap<String, String>();
        for (Node node : nodes.list()) {
            String zone = Fields.map(node.getMetadata().getLabels()).get(ZoneShares.ZONE);
            if (zone != null) {
                zones.put(node.getMetadata().getName(), zone);
            }
        }
        return zones;
    }

    /** A node that moves to another zone takes the endpoints on it along; one that comes, goes or changes size moves shares. */
    private void nodeChanged(Controller queue, @Nullable Node before, @Nullable Node after) {
        String zoneBefore = before == null
                ? null
                : Fields.map(before.getMetadata().getLabels()).get(ZoneShares.ZONE);
        String zoneAfter = after == null
                ? null
                : Fields.map(after.getMetadata().getLabels()).get(ZoneShares.ZONE);
        if (after != null && !Objects.equals(zoneBefore, zoneAfter)) {
            services.list().forEach(service -> queue.enqueue(ObjectKey.of(service)));
        } else if (!share(before).equals(share(after))) {
            services.list().stream()
                    .filter(ProportionalHints::asked)
                    .forEach(service -> queue.enqueue(ObjectKey.of(service)));
        }
    }

    private static ZoneShares share(@Nullable Node node) {
        return ZoneShares.of(node == null ? List.of() : List.of(node));
    }
}
