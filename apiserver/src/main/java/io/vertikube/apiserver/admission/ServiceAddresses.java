package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.Allocations.Owner;
import io.vertikube.apiserver.admission.Allocations.Pool;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.FieldError;
import io.vertikube.value.Cidr;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gives Services their cluster address and node ports and takes them back. A dry run sees what it could have got and
 * holds nothing. Blocks on the store, so runs on virtual threads; safe for many at a time.
 */
public final class ServiceAddresses implements AdmissionPlugin {

    private static final Duration REPAIR_AGE = Duration.ofMinutes(1);

    private final Allocations allocations;
    private final ObjectStorage storage;
    private final Cidr range;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final AddressRange addresses;
    private final PortRange nodePorts;
    private final AddressRange ports;

    /**
     * @param range where cluster addresses come from; its first address is the API server's own Service
     */
    public ServiceAddresses(ObjectStorage storage, Cidr range, RandomGenerator random, InstantSource clock) {
        this(storage, range, PortRange.USUAL, random, clock);
    }

    /**
     * @param nodePorts which ports Services may have on every node
     */
    public ServiceAddresses(
            ObjectStorage storage, Cidr range, PortRange nodePorts, RandomGenerator random, InstantSource clock) {
        this.nodePorts = nodePorts;
        this.ports = AddressRange.of(nodePorts.first(), nodePorts.last() + 1L, 32, 16, 128);
        this.storage = storage;
        this.allocations = new Allocations(storage, clock);
        this.range = range;
        this.random = random;
        this.clock = clock;
        // Neither the network's own address nor an IPv4 range's broadcast address.
        long end = range.isIpv6() ? range.size() : range.size() - 1;
        this.addresses = AddressRange.of(1, end, 16, 16, 256);
    }

    @Override
    public String name() {
        return "ServiceAddresses";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        boolean writes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        if (!writes || !request.isFor("", "services")) {
            return;
        }
        ObjectNode spec = Trees.object(request.requireObject(), "spec");
        @Nullable ObjectNode old = request.oldObject();
        JsonNode oldSpec = old == null ? Trees.newObject() : old.path("spec");
        try {
            address(request, spec, oldSpec);
            nodePorts(request, spec, oldSpec);
            healthCheckPort(request, spec, oldSpec);
        } catch (ApiException e) {
            undo(request);
            throw e;
        }
    }

    /** Gives back what the object holds beyond the stored one. */
    @Override
    public void undo(AdmissionRequest request) {
        if (request.isFor("", "services") && !request.dryRun() && request.object() != null) {
            releaseUnheld(request, request.object());
        }
    }

    @Override
    public void stored(AdmissionRequest request) {
        if (request.isFor("", "services") && !request.dryRun() && request.oldObject() != null) {
            releaseUnheld(request, request.oldObject());
        }
    }

    /** Holds an address for a Service that is made without this plugin; nothing happens if it is held already. */
    public void reserve(String address, String namespace, String service) {
        if (storage.snapshot(Read.any()).get(Pool.ADDRESSES.prefix() + address).isEmpty()) {
            allocations.take(Pool.ADDRESSES, address, new Owner(namespace, service));
        }
    }

    /** Frees what no Service holds: a server may have died between allocating and storing, or after deleting. */
    public void repair() {
        var snapshot = storage.snapshot(Read.latest());
        var services = snapshot.under("/registry/core/services/").values().stream()
                .map(s -> s.tree().path("spec"))
                .toList();
        Instant recent = clock.instant().minus(REPAIR_AGE);
        for (Pool pool : Pool.values()) {
            var used = new HashSet<String>();
            services.forEach(spec -> used.addAll(held(pool, spec)));
            for (StoredObject held : snapshot.under(pool.prefix()).values()) {
                boolean young = Instant.parse(Trees.text(held.tree(), "metadata", "creationTimestamp"))
                        .isAfter(recent);
                if (!young && !used.contains(held.name()) && Allocations.isOurs(held)) {
                    allocations.release(pool, held.name(), Allocations.owner(held));
                }
            }
        }
    }

    private void address(AdmissionRequest request, ObjectNode spec, JsonNode oldSpec) {
        boolean external = spec.path("type").asText().equals("ExternalName");
        String asked = asked(spec);
        if (external || asked.equals("None")) {
            return;
        }
        if (!asked.isEmpty() && asked.equals(oldSpec.path("clusterIP").asText(""))) {
            return;
        }
        demandFamily(request, spec);
        String oldAddress = oldSpec.path("clusterIP").asText("");
        boolean hadOne = !oldAddress.isEmpty() && !oldAddress.equals("None");
        if (hadOne && !oldSpec.path("type").asText().equals("ExternalName")) {
            return; // Validation tells that an address does not change.
        }
        if (!asked.isEmpty()) {
            if (Cidr.isAddress(asked)) {
                takeAddress(request, asked);
            }
            return;
        }
        long index = addresses.take(
                random,
                allocations.taken(Pool.ADDRESSES),
                range::address,
                candidate -> request.dryRun() || allocations.take(Pool.ADDRESSES, candidate, owner(request)));
        if (index < 0) {
            throw ApiErrors.internal("failed to allocate a serviceIP: range " + range + " is full");
        }
        spec.put("clusterIP", range.address(index));
        spec.putArray("clusterIPs").add(range.address(index));
    }

    /** The cluster has addresses of one family. */
    private void demandFamily(AdmissionRequest request, ObjectNode spec) {
        String own = range.isIpv6() ? "IPv6" : "IPv4";
        var problems = new ArrayList<FieldError>();
        JsonNode families = spec.path("ipFamilies");
        for (int i = 0; i < families.size(); i++) {
            String family = families.get(i).asText();
            if (!family.equals(own) && List.of("IPv4", "IPv6").contains(family)) {
                problems.add(
                        FieldError.invalid("spec.ipFamilies[" + i + "]", family, "not configured on this cluster"));
            }
        }
        if (spec.path("ipFamilyPolicy").asText("").equals("RequireDualStack")) {
            problems.addFirst(FieldError.invalid(
                    "spec.ipFamilyPolicy",
                    "RequireDualStack",
                    "this cluster is not configured for dual-stack services"));
        }
        if (!problems.isEmpty()) {
            throw ApiErrors.invalid(request.type().gvk(), request.name(), problems);
        }
        if (families.isEmpty()) {
            spec.putArray("ipFamilies").add(own);
        }
    }

    /** Newer clients may name the address only in the list. */
    private static String asked(JsonNode spec) {
        String single = spec.path("clusterIP").asText("");
        return single.isEmpty() ? spec.path("clusterIPs").path(0).asText("") : single;
    }

    private void takeAddress(AdmissionRequest request, String asked) {
        String failure = "";
        if (!range.contains(asked)) {
            failure = "the provided IP (" + asked + ") is not in the valid range. The range of valid IPs is " + range;
        } else {
            boolean had = request.dryRun()
                    ? !allocations.isTaken(Pool.ADDRESSES, asked)
                    : allocations.take(Pool.ADDRESSES, asked, owner(request));
            failure = had ? "" : "provided IP is already allocated";
        }
        if (!failure.isEmpty()) {
            throw invalid(
                    request,
                    FieldError.invalid(
                            "spec.clusterIPs",
                            Trees.arrayOf(List.of(asked)),
                            "failed to allocate IP " + asked + ": " + failure));
        }
    }

    private void nodePorts(AdmissionRequest request, ObjectNode spec, JsonNode oldSpec) {
        if (!wantsNodePorts(spec)) {
            return;
        }
        Set<Integer> had = ports(oldSpec);
        var taken = new LinkedHashSet<Integer>();
        List<ObjectNode> servicePorts = Trees.objects(spec, "ports");
        for (int i = 0; i < servicePorts.size(); i++) {
            int asked = servicePorts.get(i).path("nodePort").asInt(0);
            if (asked != 0 && !had.contains(asked) && taken.add(asked)) {
                takePort(request, asked, "spec.ports[" + i + "].nodePort");
            }
        }
        for (ObjectNode port : servicePorts) {
            if (port.path("nodePort").asInt(0) == 0) {
                port.put("nodePort", inheritedPort(port, oldSpec, servicePorts).orElseGet(() -> newPort(request)));
            }
        }
    }

    /** A port of the old Service with the same name or number keeps its node port when the new one is silent. */
    private static Optional<Integer> inheritedPort(ObjectNode port, JsonNode oldSpec, List<ObjectNode> all) {
        for (JsonNode old : oldSpec.path("ports")) {
            int nodePort = old.path("nodePort").asInt(0);
            boolean same = old.path("port").asInt() == port.path("port").asInt()
                    && old.path("protocol")
                            .asText("TCP")
                            .equals(port.path("protocol").asText("TCP"));
            boolean free = all.stream().noneMatch(p -> p.path("nodePort").asInt(0) == nodePort);
            if (nodePort != 0 && same && free) {
                return Optional.of(nodePort);
            }
        }
        return Optional.empty();
    }

    private void healthCheckPort(AdmissionRequest request, ObjectNode spec, JsonNode oldSpec) {
        boolean wants = spec.path("type").asText().equals("LoadBalancer")
                && spec.path("externalTrafficPolicy").asText().equals("Local");
        int asked = spec.path("healthCheckNodePort").asInt(0);
        int had = oldSpec.path("healthCheckNodePort").asInt(0);
        if (!wants || (asked != 0 && asked == had)) {
            return;
        }
        if (asked != 0) {
            takePort(request, asked, "spec.healthCheckNodePort");
        } else {
            spec.put("healthCheckNodePort", had != 0 ? had : newPort(request));
        }
    }

    private void takePort(AdmissionRequest request, int asked, String field) {
        if (!nodePorts.contains(asked)) {
            throw invalid(
                    request,
                    FieldError.invalid(
                            field,
                            asked,
                            "provided port is not in the valid range. The range of valid ports is " + nodePorts));
        }
        String name = Integer.toString(asked);
        boolean had = request.dryRun()
                ? !allocations.isTaken(Pool.NODE_PORTS, name)
                : allocations.take(Pool.NODE_PORTS, name, owner(request));
        if (!had) {
            throw invalid(request, FieldError.invalid(field, asked, "provided port is already allocated"));
        }
    }

    private int newPort(AdmissionRequest request) {
        long port = ports.take(
                random,
                allocations.taken(Pool.NODE_PORTS),
                Long::toString,
                candidate -> request.dryRun() || allocations.take(Pool.NODE_PORTS, candidate, owner(request)));
        if (port < 0) {
            throw ApiErrors.internal("failed to allocate a nodePort: range is full");
        }
        return (int) port;
    }

    /** Releases what {@code object} names and the stored Service of that name does not. */
    private void releaseUnheld(AdmissionRequest request, ObjectNode object) {
        Owner owner = owner(request);
        JsonNode now = storage.snapshot(Read.latest())
                .get("/registry/core/services/" + owner.namespace() + "/" + owner.name())
                .<JsonNode>map(s -> s.tree().path("spec"))
                .orElseGet(Trees::newObject);
        for (Pool pool : Pool.values()) {
            Set<String> still = held(pool, now);
            for (String name : held(pool, object.path("spec"))) {
                if (!still.contains(name)) {
                    allocations.release(pool, name, owner);
                }
            }
        }
    }

    private static Set<String> held(Pool pool, JsonNode spec) {
        var names = new LinkedHashSet<String>();
        if (pool == Pool.ADDRESSES) {
            String address = asked(spec);
            if (!address.isEmpty() && !address.equals("None")) {
                names.add(address);
            }
        } else {
            ports(spec).forEach(port -> names.add(Integer.toString(port)));
        }
        return names;
    }

    private static Set<Integer> ports(JsonNode spec) {
        var ports = new LinkedHashSet<Integer>();
        for (JsonNode port : spec.path("ports")) {
            if (port.path("nodePort").asInt(0) != 0) {
                ports.add(port.path("nodePort").asInt());
            }
        }
        if (spec.path("healthCheckNodePort").asInt(0) != 0) {
            ports.add(spec.path("healthCheckNodePort").asInt());
        }
        return ports;
    }

    private static boolean wantsNodePorts(JsonNode spec) {
        String type = spec.path("type").asText();
        return type.equals("NodePort")
                || (type.equals("LoadBalancer")
                        && spec.path("allocateLoadBalancerNodePorts").asBoolean(true));
    }

    private static Owner owner(AdmissionRequest request) {
        @Nullable ObjectNode object = request.object() != null ? request.object() : request.oldObject();
        String name =
                request.name().isEmpty() && object != null ? Trees.text(object, "metadata", "name") : request.name();
        return new Owner(request.namespace(), name);
    }

    private static ApiException invalid(AdmissionRequest request, FieldError error) {
        return ApiErrors.invalid(request.type().gvk(), request.name(), List.of(error));
    }
}
