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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
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
    private final ServiceRanges ranges;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final RepairEvents events;
    private final ServicePorts ports;

    /**
     * @param range where cluster addresses come from first; its first address is the API server's own Service
     */
    public ServiceAddresses(ObjectStorage storage, Cidr range, RandomGenerator random, InstantSource clock) {
        this(storage, range, PortRange.USUAL, random, clock);
    }

    /**
     * @param nodePorts which ports Services may have on every node
     */
    public ServiceAddresses(
            ObjectStorage storage, Cidr range, PortRange nodePorts, RandomGenerator random, InstantSource clock) {
        this.storage = storage;
        this.allocations = new Allocations(storage, clock);
        this.ports = new ServicePorts(allocations, nodePorts, random);
        this.ranges = new ServiceRanges(storage, range);
        this.random = random;
        this.clock = clock;
        this.events = new RepairEvents(storage, clock);
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
            ports.allocate(request, spec, oldSpec);
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

    /**
     * Frees what no Service holds (a server may have died between allocating and storing, or after deleting), and notes
     * again what a Service holds though its note is gone, or the next Service would get it too.
     */
    public void repair() {
        var snapshot = storage.snapshot(Read.latest());
        var services = snapshot.under("/registry/core/services/").values();
        Instant recent = clock.instant().minus(REPAIR_AGE);
        for (Pool pool : Pool.values()) {
            var unnoted = new LinkedHashMap<String, StoredObject>();
            services.forEach(
                    service -> held(pool, service.tree().path("spec")).forEach(name -> unnoted.put(name, service)));
            for (StoredObject held : snapshot.under(pool.prefix()).values()) {
                boolean young = Instant.parse(Trees.text(held.tree(), "metadata", "creationTimestamp"))
                        .isAfter(recent);
                boolean used = unnoted.remove(held.name()) != null;
                if (!young && !used && Allocations.isOurs(held)) {
                    allocations.release(pool, held.name(), Allocations.owner(held));
                }
            }
            unnoted.forEach((name, service) -> {
                if (allocations.take(pool, name, new Owner(service.namespace(), service.name()))) {
                    events.noted(pool, name, service);
                }
            });
        }
    }

    private void address(AdmissionRequest request, ObjectNode spec, JsonNode oldSpec) {
        boolean external = spec.path("type").asText().equals("ExternalName");
        String asked = asked(spec);
        if (external || asked.equals("None")) {
            return;
        }
        if (demandsBoth(spec) && !oldSpec.isEmpty() && !demandsBoth(oldSpec)) {
            demandFamily(request, spec);
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
        String address = ranges.take(
                random,
                allocations.taken(Pool.ADDRESSES),
                candidate -> request.dryRun() || allocations.take(Pool.ADDRESSES, candidate, owner(request)));
        spec.put("clusterIP", address);
        spec.putArray("clusterIPs").add(address);
    }

    private static boolean demandsBoth(JsonNode spec) {
        return spec.path("ipFamilyPolicy").asText("").equals("RequireDualStack");
    }

    /** The cluster has addresses of one family. */
    private void demandFamily(AdmissionRequest request, ObjectNode spec) {
        String own = ranges.isIpv6() ? "IPv6" : "IPv4";
        var problems = new ArrayList<FieldError>();
        JsonNode families = spec.path("ipFamilies");
        for (int i = 0; i < families.size(); i++) {
            String family = families.get(i).asText();
            if (!family.equals(own) && List.of("IPv4", "IPv6").contains(family)) {
                problems.add(
                        FieldError.invalid("spec.ipFamilies[" + i + "]", family, "not configured on this cluster"));
            }
        }
        if (demandsBoth(spec)) {
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
        if (!ranges.contains(asked)) {
            failure = "the provided IP (" + asked + ") is not in the valid range. The range of valid IPs is " + ranges;
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
            ServicePorts.of(spec).forEach(port -> names.add(Integer.toString(port)));
        }
        return names;
    }

    static Owner owner(AdmissionRequest request) {
        @Nullable ObjectNode object = request.object() != null ? request.object() : request.oldObject();
        String name =
                request.name().isEmpty() && object != null ? Trees.text(object, "metadata", "name") : request.name();
        return new Owner(request.namespace(), name);
    }

    static ApiException invalid(AdmissionRequest request, FieldError error) {
        return ApiErrors.invalid(request.type().gvk(), request.name(), List.of(error));
    }
}
