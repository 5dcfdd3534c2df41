package io.vertikube.controller.endpointslice;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHintsBuilder;
import io.vertikube.controller.workload.Fields;
import org.jspecify.annotations.Nullable;

/**
 * For whom an endpoint is meant first, where the Service asks that traffic stays close. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/service/#traffic-distribution">Traffic distribution</a>
 */
final class TrafficHints {
    private TrafficHints() {}

    /** The hints of a ready endpoint; null where there are none to give, or where they go by shares of zones. */
    static @Nullable EndpointHints of(Service service, boolean ready, String node, @Nullable String zone) {
        if (!ready || ProportionalHints.asked(service)) {
            return null;
        }
        return switch (Fields.text(service.getSpec().getTrafficDistribution())) {
            case "PreferClose", "PreferSameZone" ->
                zone == null ? null : inZone(zone).build();
            case "PreferSameNode" ->
                node.isEmpty()
                        ? null
                        : (zone == null ? new EndpointHintsBuilder() : inZone(zone))
                                .addNewForNode(node)
                                .build();
            default -> null;
        };
    }

    private static EndpointHintsBuilder inZone(String zone) {
        return new EndpointHintsBuilder().addNewForZone(zone);
    }
}
