package io.vertikube.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The addresses behind a Service: its ready endpoints, since this server need not stand where cluster addresses lead
 * anywhere; the cluster address where no endpoint is known; for an external name, that name. Pure.
 */
final class ServiceRoute {

    /** An address or name to connect to. */
    record Hop(String host, int port) {}

    private ServiceRoute() {}

    static List<Hop> of(Snapshot snapshot, WebhookTarget.Service wanted) throws WebhookFailure {
        ObjectNode service = snapshot.get("/registry/core/services/" + wanted.namespace() + "/" + wanted.name())
                .map(StoredObject::tree)
                .orElseThrow(() -> new WebhookFailure("service \"" + wanted.name() + "\" not found"));
        JsonNode spec = service.path("spec");
        if (spec.path("type").asText().equals("ExternalName")) {
            return List.of(new Hop(spec.path("externalName").asText(), wanted.port()));
        }
        JsonNode port = port(spec, wanted)
                .orElseThrow(() -> new WebhookFailure(
                        "no service port " + wanted.port() + " found for service \"" + wanted.name() + "\""));
        List<Hop> hops = new ArrayList<>();
        for (StoredObject slice : snapshot.under(
                        "/registry/discovery.k8s.io/endpointslices/" + wanted.namespace() + "/")
                .values()) {
            if (wanted.name().equals(slice.labels().get("kubernetes.io/service-name"))) {
                collect(slice.tree(), port.path("name").asText(), hops);
            }
        }
        String cluster = spec.path("clusterIP").asText();
        if (hops.isEmpty() && !cluster.isEmpty() && !cluster.equals("None")) {
            hops.add(new Hop(cluster, wanted.port()));
        }
        if (hops.isEmpty()) {
            throw new WebhookFailure("no endpoints available for service \"" + wanted.name() + "\"");
        }
        return hops;
    }

    private static Optional<JsonNode> port(JsonNode spec, WebhookTarget.Service wanted) {
        for (JsonNode port : spec.path("ports")) {
            if (port.path("port").asInt() == wanted.port()) {
                return Optional.of(port);
            }
        }
        return Optional.empty();
    }

    private static void collect(ObjectNode slice, String portName, List<Hop> hops) {
        for (JsonNode port : slice.path("ports")) {
            if (!port.path("name").asText("").equals(portName)) {
                continue;
            }
            for (JsonNode endpoint : slice.path("endpoints")) {
                if (endpoint.path("conditions").path("ready").asBoolean(true)) {
                    endpoint.path("addresses")
                            .forEach(a -> hops.add(
                                    new Hop(a.asText(), port.path("port").asInt())));
                }
            }
        }
    }
}
