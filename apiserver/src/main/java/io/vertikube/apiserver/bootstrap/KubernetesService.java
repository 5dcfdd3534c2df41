package io.vertikube.apiserver.bootstrap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.ServiceAddresses;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.KeyExists;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.value.Sha256;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * Keeps the Service {@code default/kubernetes} and its endpoints leading to every API server that is alive. Each server
 * says so by a Lease in {@code kube-system}, which carries its address; whoever looks takes the fresh ones. Blocks on the
 * store; confined to whoever calls it, one at a time.
 */
public final class KubernetesService implements AutoCloseable {

    /** A MicroTime has six digits, zeros too: typed clients read nothing else. */
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final String LEASES = "/registry/coordination.k8s.io/leases/kube-system/";
    private static final String IDENTITY_LABEL = "apiserver.kubernetes.io/identity";
    private static final String ADDRESS = "vertikube.io/address";
    private static final int LEASE_SECONDS = 15;

    private final ObjectStorage storage;
    private final ServiceAddresses addresses;
    private final BootstrapOptions options;
    private final InstantSource clock;
    private final Objects objects;
    private final Consumer<RuntimeException> onFailure;
    private final String leaseName;

    /**
     * @param onFailure is told when this server could not be taken out at its end
     */
    public KubernetesService(
            ObjectStorage storage,
            ServiceAddresses addresses,
            BootstrapOptions options,
            InstantSource clock,
            Consumer<RuntimeException> onFailure) {
        this.storage = storage;
        this.addresses = addresses;
        this.options = options;
        this.clock = clock;
        this.objects = new Objects(clock);
        this.onFailure = onFailure;
        this.leaseName = "apiserver-" + hash(options.serverName() + "/" + options.advertiseAddress());
    }

    /** Takes this server out of the endpoints. */
    @Override
    public void close() {
        try {
            storage.snapshot(Read.latest()).get(LEASES + leaseName).ifPresent(this::deleteLease);
            endpoints();
        } catch (RuntimeException e) {
            onFailure.accept(e);
        }
    }

    /** Says that this server is alive, and writes what leads to all that are. To be repeated every few seconds. */
    public void round() {
        renewLease();
        service();
        endpoints();
    }

    private void renewLease() {
        ObjectNode lease = objects.namespaced("coordination.k8s.io/v1", "Lease", "kube-system", leaseName);
        ObjectNode metadata = Trees.object(lease, "metadata");
        metadata.putObject("labels")
                .put(IDENTITY_LABEL, "kube-apiserver")
                .put("kubernetes.io/hostname", options.serverName());
        metadata.putObject("annotations").put(ADDRESS, options.advertiseAddress());
        ObjectNode spec = lease.putObject("spec");
        spec.put("holderIdentity", leaseName).put("leaseDurationSeconds", LEASE_SECONDS);
        spec.put("renewTime", MICROS.format(clock.instant()));
        write(LEASES + leaseName, lease, (stored, wanted) -> {
            Trees.object(Trees.object(stored, "metadata"), "annotations").put(ADDRESS, options.advertiseAddress());
            stored.set("spec", wanted.path("spec"));
            return true;
        });
    }

    private void deleteLease(StoredObject lease) {
        try {
            storage.delete(lease.key(), lease.revision());
        } catch (RevisionMismatch e) {
            onFailure.accept(e);
        }
    }

    private void service() {
        String address = options.serviceRange().address(1);
        ObjectNode service = objects.namespaced("v1", "Service", "default", "kubernetes");
        Trees.object(service, "metadata")
                .putObject("labels")
                .put("component", "apiserver")
                .put("provider", "kubernetes");
        ObjectNode spec = service.putObject("spec");
        spec.put("clusterIP", address).putArray("clusterIPs").add(address);
        spec.put("internalTrafficPolicy", "Cluster")
                .putArray("ipFamilies")
                .add(options.serviceRange().isIpv6() ? "IPv6" : "IPv4");
        spec.put("ipFamilyPolicy", "SingleStack");
        spec.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", 443)
                .put("protocol", "TCP")
                .put("targetPort", options.securePort());
        spec.put("sessionAffinity", "None").put("type", "ClusterIP");
        service.putObject("status").putObject("loadBalancer");
        addresses.reserve(address, "default", "kubernetes");
        write("/registry/core/services/default/kubernetes", service, KubernetesService::mendSpec);
    }

    private void endpoints() {
        var alive = new TreeSet<String>();
        Instant oldest = clock.instant().minusSeconds(LEASE_SECONDS);
        for (StoredObject lease :
                storage.snapshot(Read.latest()).under(LEASES + "apiserver-").values()) {
            ObjectNode tree = lease.tree();
            String renewed = Trees.text(tree, "spec", "renewTime");
            String address =
                    Trees.at(tree, "metadata", "annotations").path(ADDRESS).asText("");
            boolean fresh = !renewed.isEmpty() && Instant.parse(renewed).isAfter(oldest);
            if ("kube-apiserver".equals(lease.labels().get(IDENTITY_LABEL)) && fresh && !address.isEmpty()) {
                alive.add(address);
            }
        }
        ObjectNode endpoints = objects.namespaced("v1", "Endpoints", "default", "kubernetes");
        Trees.object(endpoints, "metadata").putObject("labels").put("endpointslice.kubernetes.io/skip-mirror", "true");
        ObjectNode slice = objects.namespaced("discovery.k8s.io/v1", "EndpointSlice", "default", "kubernetes");
        Trees.object(slice, "metadata")
                .put("generation", 1)
                .putObject("labels")
                .put("kubernetes.io/service-name", "kubernetes");
        slice.put("addressType", options.serviceRange().isIpv6() ? "IPv6" : "IPv4");
        ArrayNode subsets = endpoints.putArray("subsets");
        ArrayNode ready = slice.putArray("endpoints");
        if (!alive.isEmpty()) {
            ObjectNode subset = subsets.addObject();
            ArrayNode list = subset.putArray("addresses");
            alive.forEach(address -> list.addObject().put("ip", address));
            subset.putArray("ports").add(port());
            alive.forEach(address -> {
                ObjectNode endpoint = ready.addObject();
                endpoint.putArray("addresses").add(address);
                endpoint.putObject("conditions").put("ready", true);
            });
        }
        slice.putArray("ports").add(port());
        write(
                "/registry/core/endpoints/default/kubernetes",
                endpoints,
                (stored, wanted) -> mend(stored, wanted, List.of("subsets")));
        write(
                "/registry/discovery.k8s.io/endpointslices/default/kubernetes",
                slice,
                (stored, wanted) -> mend(stored, wanted, List.of("addressType", "endpoints", "ports")));
    }

    private ObjectNode port() {
        return Trees.newObject()
                .put("name", "https")
                .put("port", options.securePort())
                .put("protocol", "TCP");
    }

    private static boolean mendSpec(ObjectNode stored, ObjectNode wanted) {
        ObjectNode spec = Trees.object(stored, "spec");
        boolean changed = false;
        for (String field : List.of("clusterIP", "clusterIPs", "ports", "type")) {
            if (!Trees.equal(spec.path(field), wanted.path("spec").path(field))) {
                spec.set(field, wanted.path("spec").path(field));
                changed = true;
            }
        }
        return changed;
    }

    private static boolean mend(ObjectNode stored, ObjectNode wanted, List<String> fields) {
        boolean changed = false;
        for (String field : fields) {
            if (!Trees.equal(stored.path(field), wanted.path(field))) {
                stored.set(field, wanted.path(field));
                changed = true;
            }
        }
        return changed;
    }

    /** Creates or mends; what another server did at the same moment is fine too, the next round looks again. */
    private void write(String key, ObjectNode wanted, BiPredicate<ObjectNode, ObjectNode> mend) {
        Optional<StoredObject> stored = storage.snapshot(Read.latest()).get(key);
        try {
            if (stored.isEmpty()) {
                storage.create(key, wanted);
            } else {
                ObjectNode tree = stored.get().tree();
                if (mend.test(tree, wanted)) {
                    storage.update(key, stored.get().revision(), tree);
                }
            }
        } catch (KeyExists | RevisionMismatch e) {
            return;
        }
    }

    private static String hash(String text) {
        return Sha256.hex(text).substring(0, 26);
    }
}
