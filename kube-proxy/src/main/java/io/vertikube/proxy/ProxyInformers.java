package io.vertikube.proxy;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.object.ObjectKey;
import io.vertikube.proxy.rules.NodePod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What kube-proxy watches: all Services, EndpointSlices and ServiceCIDRs, its own Node and the pods on it. It waits for all
 * but the ServiceCIDRs, which older API servers do not have. Safe for any thread.
 */
record ProxyInformers(
        Informer<Service> services,
        Informer<EndpointSlice> slices,
        Informer<Node> nodes,
        Informer<NodePod> pods,
        Informer<ServiceCIDR> ranges)
        implements AutoCloseable {

    static final String BY_SERVICE = "service";

    /** Makes them; nothing is watched before {@link #start()}. */
    static ProxyInformers create(ApiClient api, String nodeName) {
        Informer<EndpointSlice> slices = Informer.create(api, EndpointSlice.class, "", ListOptions.all());
        slices.addIndex(
                BY_SERVICE,
                slice -> serviceOf(slice).map(key -> List.of(key.toString())).orElse(List.of()));
        return new ProxyInformers(
                Informer.create(api, Service.class, "", ListOptions.all()),
                slices,
                Informer.create(api, Node.class, "", ListOptions.fields("metadata.name=" + nodeName)),
                Informer.create(api, NodePod.class, "", ListOptions.fields("spec.nodeName=" + nodeName)),
                Informer.create(api, ServiceCIDR.class, "", ListOptions.all()));
    }

    /** The Service that a slice belongs to. */
    static Optional<ObjectKey> serviceOf(EndpointSlice slice) {
        var labels = slice.getMetadata().getLabels();
        String name = labels == null ? null : labels.get(RuleSync.SERVICE_NAME_LABEL);
        return name == null || name.isEmpty()
                ? Optional.empty()
                : Optional.of(new ObjectKey(slice.getMetadata().getNamespace(), name));
    }

    void start() {
        services.start();
        slices.start();
        nodes.start();
        pods.start();
        ranges.start();
    }

    boolean synced() {
        return services.synced() && slices.synced() && nodes.synced() && pods.synced();
    }

    /** Waits a time for the first lists; whether they are there. */
    boolean awaitSync(Duration patience) {
        try {
            for (Informer<?> informer : List.of(services, slices, nodes, pods)) {
                informer.awaitSync(patience);
            }
        } catch (IllegalStateException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return synced();
    }

    @Override
    public void close() {
        services.close();
        slices.close();
        nodes.close();
        pods.close();
        ranges.close();
    }
}
