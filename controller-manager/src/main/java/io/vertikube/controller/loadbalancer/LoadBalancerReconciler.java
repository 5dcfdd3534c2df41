package io.vertikube.controller.loadbalancer;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.LoadBalancerStatus;
import io.fabric8.kubernetes.api.model.LoadBalancerStatusBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Same;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the addresses of the nodes into the status of one Service of type LoadBalancer. Keys are Services. */
public final class LoadBalancerReconciler implements Reconciler {
    private static final String BY_SERVICE = "any-manager-by-service";
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private final Informer<Service> services;
    private final Informer<Node> nodes;
    private final Informer<EndpointSlice> slices;
    private final TypedClient<Service> client;
    private final EventRecorder events;
    private final Set<Integer> reserved;

    LoadBalancerReconciler(ControllerContext context, Set<Integer> reserved) {
        this.services = context.informer(Service.class);
        this.nodes = context.informer(Node.class);
        this.slices = context.informer(EndpointSlice.class);
        this.client = context.client().of(Service.class);
        this.events = context.events("service-lb-controller");
        this.reserved = Set.copyOf(reserved);
        slices.addIndex(
                BY_SERVICE,
                slice -> service(slice).map(ObjectKey::toString).stream().toList());
    }

    /** @param reserved ports that no Service may take from the nodes */
    public static ManagedController controller(ControllerContext context, int workers, Set<Integer> reserved) {
        var reconciler = new LoadBalancerReconciler(context, reserved);
        Controller queue = context.queue("service-lb-controller", workers, reconciler);
        reconciler.services.onChange((before, after) -> reconciler.serviceChanged(queue, before, after));
        reconciler.nodes.onChange((before, after) -> reconciler.nodeChanged(queue, before, after));
        reconciler.slices.onChange((before, after) -> {
            EndpointSlice slice = after == null ? before : after;
            Optional.ofNullable(slice)
                    .flatMap(LoadBalancerReconciler::service)
                    .filter(key -> reconciler
                            .services
                            .get(key)
                            .filter(LoadBalancerPlan::ours)
                            .isPresent())
                    .ifPresent(queue::enqueue);
        });
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Service> found = services.get(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        Service service = found.get();
        if (!LoadBalancerPlan.ours(service)) {
            boolean left = !"LoadBalancer".equals(service.getSpec().getType())
                    && !addresses(service).isEmpty();
            if (left) {
                write(service, List.of());
            }
            return Outcome.done();
        }
        LoadBalancerPlan plan =
                LoadBalancerPlan.of(service, services.list(), nodes.list(), reserved, servingNodes(key));
        if (!plan.refusal().isEmpty()) {
            events.warning(service, "SyncLoadBalancerFailed", "Error syncing load balancer: " + plan.refusal());
        }
        if (!Same.meaning(plan.ingress(), addresses(service))) {
            boolean first = addresses(service).isEmpty();
            write(service, plan.ingress());
            if (first) {
                events.normal(service, "EnsuredLoadBalancer", "Ensured load balancer");
            } else {
                events.normal(service, "UpdatedLoadBalancer", "Updated load balancer with new hosts");
            }
        }
        return Outcome.done();
    }

    private void write(Service service, List<LoadBalancerIngress> ingress) {
        LoadBalancerStatus status =
                new LoadBalancerStatusBuilder().withIngress(ingress).build();
        try {
            client.updateStatus(new ServiceBuilder(service)
                    .editOrNewStatus()
                    .withLoadBalancer(status)
                    .endStatus()
                    .build());
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
    }

    private static List<LoadBalancerIngress> addresses(Service service) {
        return service.getStatus() == null || service.getStatus().getLoadBalancer() == null
                ? List.of()
                : Fields.list(service.getStatus().getLoadBalancer().getIngress());
    }

    private Set<String> servingNodes(ObjectKey key) {
        return slices.byIndex(BY_SERVICE, key.toString()).stream()
                .flatMap(slice -> Fields.list(slice.getEndpoints()).stream())
                .filter(endpoint -> endpoint.getConditions() == null
                        || !Boolean.FALSE.equals(endpoint.getConditions().getReady()))
                .map(endpoint -> Fields.text(endpoint.getNodeName()))
                .filter(node -> !node.isEmpty())
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** A Service that goes, or changes its ports, may leave a port to a younger one. */
    private void serviceChanged(Controller queue, @Nullable Service before, @Nullable Service after) {
        if (after != null) {
            queue.enqueue(ObjectKey.of(after));
        }
        boolean leaves = before != null
                && LoadBalancerPlan.ours(before)
                && (after == null
                        || !LoadBalancerPlan.ours(after)
                        || !after.getSpec().getPorts().equals(before.getSpec().getPorts()));
        if (leaves) {
            all(queue);
        }
    }

    private void nodeChanged(Controller queue, @Nullable Node before, @Nullable Node after) {
        if (before == null || after == null || !LoadBalancerPlan.sameTo(before, after)) {
            all(queue);
        }
    }

    private void all(Controller queue) {
        services.list().stream()
                .filter(LoadBalancerPlan::ours)
                .forEach(service -> queue.enqueue(ObjectKey.of(service)));
    }

    private static Optional<ObjectKey> service(EndpointSlice slice) {
        return Optional.ofNullable(Fields.map(slice.getMetadata().getLabels()).get(SERVICE_NAME))
                .map(name -> new ObjectKey(slice.getMetadata().getNamespace(), name));
    }
}
