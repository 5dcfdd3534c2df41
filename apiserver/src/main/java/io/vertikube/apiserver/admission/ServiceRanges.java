package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import io.vertikube.value.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Where cluster addresses come from: the server's own range, then those of the ServiceCIDRs that are ready and stay
 * (KEP-1880). One address family. Blocks on the store; safe for many at a time.
 */
final class ServiceRanges {

    private static final String PREFIX = "/registry/networking.k8s.io/servicecidrs/";

    private final ObjectStorage storage;
    private final Cidr first;

    ServiceRanges(ObjectStorage storage, Cidr first) {
        this.storage = storage;
        this.first = first;
    }

    boolean isIpv6() {
        return first.isIpv6();
    }

    boolean contains(String address) {
        return open().stream().anyMatch(range -> range.contains(address));
    }

    /** Takes a free address, asking for each candidate whether it could be had. */
    String take(RandomGenerator random, Set<String> taken, Predicate<String> tryToHave) {
        for (Cidr range : open()) {
            // Neither the network's own address nor an IPv4 range's broadcast address.
            long end = range.isIpv6() ? range.size() : range.size() - 1;
            long index = AddressRange.of(1, end, 16, 16, 256).take(random, taken, range::address, tryToHave);
            if (index >= 0) {
                return range.address(index);
            }
        }
        throw ApiErrors.internal("failed to allocate a serviceIP: range " + this
                + " is full; a further ServiceCIDR gives more addresses");
    }

    /** The open ones, with commas. */
    @Override
    public String toString() {
        return open().stream().map(Cidr::toString).collect(Collectors.joining(", "));
    }

    private List<Cidr> open() {
        var open = new ArrayList<Cidr>();
        open.add(first);
        for (StoredObject stored : storage.snapshot(Read.any()).under(PREFIX).values()) {
            JsonNode range = stored.tree();
            boolean leaves = Trees.at(range, "metadata").has("deletionTimestamp");
            if (leaves || !ready(range)) {
                continue;
            }
            for (JsonNode text : Trees.at(range, "spec", "cidrs")) {
                Cidr cidr = Cidr.parse(text.asText());
                if (cidr.isIpv6() == first.isIpv6() && !open.contains(cidr)) {
                    open.add(cidr);
                }
            }
        }
        return open;
    }

    private static boolean ready(JsonNode range) {
        for (JsonNode condition : Trees.at(range, "status", "conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }
}
