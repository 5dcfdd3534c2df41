package io.vertikube.e2e.simulation;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.vertikube.client.ApiClient;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Outcome;
import io.vertikube.control.Time;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Signs of life of a node: it registers, renews its Lease, and says now and then that it is ready. Safe for any thread. */
final class NodePulse {

    static final String CPU = "4";
    static final String MEMORY = "8Gi";
    static final int PODS = 20;

    private static final String LEASES = "kube-node-lease";
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final int STATUS_EVERY = 6;

    private final TypedClient<Node> nodes;
    private final TypedClient<Lease> leases;
    private final Time time;
    private final Map<String, Integer> beats = new ConcurrentHashMap<>();

    NodePulse(ApiClient api, Time time) {
        this.nodes = api.of(Node.class);
        this.leases = api.of(Lease.class);
        this.time = time;
    }

    Outcome beat(SimulatedNode node) {
        if (!node.up()) {
            beats.remove(node.name());
            return Outcome.done();
        }
        int beat = beats.merge(node.name(), 1, Integer::sum) - 1;
        if (beat % STATUS_EVERY == 0) {
            saysThatItIsReady(node);
        }
        renew(node);
        long spread = beat == 0 ? node.number() * 977L % LEASE.toMillis() : 0;
        return Outcome.again(LEASE.minusMillis(spread));
    }

    private void saysThatItIsReady(SimulatedNode node) {
        Optional<Node> found = nodes.find("", node.name());
        Node known = found.isPresent() ? found.get() : register(node);
        nodes.updateStatus(new NodeBuilder(known)
                .withNewStatus()
                .withCapacity(resources())
                .withAllocatable(resources())
                .addNewAddress("10.1." + node.number() / 250 + "." + (1 + node.number() % 250), "InternalIP")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withReason("KubeletReady")
                .withMessage("the simulated node is ready")
                .withLastHeartbeatTime(now().toString())
                .withLastTransitionTime(now().toString())
                .endCondition()
                .endStatus()
                .build());
    }

    private Node register(SimulatedNode node) {
        return nodes.create(new NodeBuilder()
                .withNewMetadata()
                .withName(node.name())
                .withLabels(Map.of("kubernetes.io/hostname", node.name()))
                .endMetadata()
                .build());
    }

    private void renew(SimulatedNode node) {
        byte[] renewed = Json.bytes(Map.of("spec", Map.of("renewTime", MICROS.format(time.instant()))));
        try {
            leases.patch(LEASES, node.name(), PatchType.MERGE, renewed, null);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            leases.create(new LeaseBuilder()
                    .withNewMetadata()
                    .withNamespace(LEASES)
                    .withName(node.name())
                    .endMetadata()
                    .withNewSpec()
                    .withHolderIdentity(node.name())
                    .withLeaseDurationSeconds(40)
                    .withRenewTime(time.instant().atZone(ZoneOffset.UTC))
                    .endSpec()
                    .build());
        }
    }

    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static Map<String, Quantity> resources() {
        return Map.of(
                "cpu", new Quantity(CPU),
                "memory", new Quantity(MEMORY),
                "pods", new Quantity(Integer.toString(PODS)));
    }
}
