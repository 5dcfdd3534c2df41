package io.vertikube.proxy.dns;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The names of the cluster: {@code <service>.<namespace>.svc.<domain>} and below, {@code <a-b-c-d>.<namespace>.pod.<domain>},
 * and reverse names of the cluster's ranges. Services are put in and taken out one by one, by one thread; any may ask.
 */
public final class ClusterZone {

    /** What to do with a query. */
    sealed interface Resolution {
        /** All is known. */
        record Known(DnsAnswer answer) implements Resolution {}

        /** The name is an alias of one outside the cluster, whose addresses have to be asked for. */
        record Alias(DnsRecord.Name alias) implements Resolution {}

        /** Not ours. */
        record Elsewhere() implements Resolution {}
    }

    private static final String SPECIFICATION_VERSION = "1.1.0";
    private static final String REVERSE = ".in-addr.arpa";
    private static final int LONGEST_ALIAS_CHAIN = 8;

    private final String domain;
    private final List<Cidr> ranges;
    private final RandomGenerator random;
    private final DnsRecord.Soa soa;
    private final Map<String, Map<String, ServiceNames>> namespaces = new ConcurrentHashMap<>();
    private final Map<String, Map<ObjectKey, String>> reverse = new ConcurrentHashMap<>();

    /**
     * @param ranges for whose addresses reverse names are ours alone: Services and pods
     * @param random in which order several addresses are given
     */
    public ClusterZone(String domain, List<Cidr> ranges, RandomGenerator random) {
        this.domain = domain;
        this.ranges = List.copyOf(ranges);
        this.random = random;
        this.soa = new DnsRecord.Soa(domain, "ns.dns." + domain, "hostmaster." + domain, 1, MessageWriter.TTL_SECONDS);
    }

    /** Takes the names of a Service from its objects. */
    public void put(Service service, Collection<EndpointSlice> slices) {
        ObjectKey key = ObjectKey.of(service);
        ServiceNames names = ServiceNames.of(service, slices, domain);
        ServiceNames before = namespaces
                .computeIfAbsent(key.namespace(), n -> new ConcurrentHashMap<>())
                .put(key.name(), names);
        names.addresses()
                .forEach((address, name) -> reverse.computeIfAbsent(address, a -> new ConcurrentHashMap<>())
                        .put(key, name));
        if (before != null) {
            forget(key, before, names);
        }
    }

    /** Forgets a Service that is gone. */
    public void remove(ObjectKey key) {
        Map<String, ServiceNames> services = namespaces.get(key.namespace());
        ServiceNames before = services == null ? null : services.remove(key.name());
        if (before != null) {
            namespaces.computeIfPresent(key.namespace(), (n, left) -> left.isEmpty() ? null : left);
            forget(key, before, new ServiceNames(Map.of(), Map.of()));
        }
    }

    /** Says what a query means. */
    Resolution resolve(DnsQuery query) {
        String name = query.name();
        if (name.equals(domain) || name.endsWith("." + domain)) {
            return inZone(query);
        }
        String address = name.endsWith(REVERSE) ? reversed(name) : null;
        if (address == null) {
            return new Resolution.Elsewhere();
        }
        Map<ObjectKey, String> names = reverse.getOrDefault(address, Map.of());
        if (names.isEmpty()) {
            return ranges.stream().anyMatch(range -> range.contains(address))
                    ? new Resolution.Known(DnsAnswer.noSuchName(soa))
                    : new Resolution.Elsewhere();
        }
        return known(
                query,
                names.values().stream()
                        .distinct()
                        .sorted()
                        .<DnsRecord>map(target -> new DnsRecord.Name(name, RecordType.PTR, target))
                        .toList());
    }

    private Resolution inZone(DnsQuery query) {
        List<DnsRecord> records = records(query.name());
        for (int hops = 0; hops < LONGEST_ALIAS_CHAIN; hops++) {
            if (records == null) {
                return new Resolution.Known(DnsAnswer.noSuchName(soa));
            }
            boolean aliased = !records.isEmpty()
                    && records.getLast() instanceof DnsRecord.Name last
                    && last.type() == RecordType.CNAME
                    && query.type() != RecordType.CNAME;
            if (!aliased) {
                return known(query, records);
            }
            var alias = (DnsRecord.Name) records.getLast();
            if (!alias.target().endsWith("." + domain)) {
                return hops == 0 ? new Resolution.Alias(alias) : new Resolution.Known(DnsAnswer.of(records));
            }
            List<DnsRecord> next = records(alias.target());
            if (next == null) {
                return new Resolution.Known(DnsAnswer.of(records));
            }
            var chain = new ArrayList<DnsRecord>(records);
            chain.addAll(next);
            records = chain;
            if (next.isEmpty()) {
                return new Resolution.Known(DnsAnswer.of(chain));
            }
        }
        return new Resolution.Known(DnsAnswer.failure(DnsAnswer.SERVER_FAILURE));
    }

    private Resolution known(DnsQuery query, List<DnsRecord> records) {
        var wanted = new ArrayList<DnsRecord>();
        for (DnsRecord record : records) {
            if (query.wants(record) || record.type() == RecordType.CNAME) {
                wanted.add(record);
            }
        }
        if (wanted.isEmpty()) {
            return new Resolution.Known(DnsAnswer.noData(soa));
        }
        if (wanted.getFirst().type() != RecordType.CNAME) {
            Collections.shuffle(wanted, java.util.Random.from(random));
        }
        var more = new ArrayList<DnsRecord>();
        for (DnsRecord record : wanted) {
            if (record instanceof DnsRecord.Srv srv) {
                List<DnsRecord> target = records(srv.target());
                if (target != null) {
                    target.stream()
                            .filter(r -> r instanceof DnsRecord.Address && !more.contains(r))
                            .forEach(more::add);
                }
            }
        }
        return new Resolution.Known(new DnsAnswer(DnsAnswer.NO_ERROR, true, wanted, List.of(), more));
    }

    /** The records of a name of the zone: empty if it exists without any, null if it does not exist. */
    private @Nullable List<DnsRecord> records(String name) {
        if (name.equals(domain)) {
            return List.of(soa, new DnsRecord.Name(domain, RecordType.NS, soa.server()));
        }
        String inside = name.substring(0, name.length() - domain.length() - 1);
        if (inside.equals("svc") || inside.equals("pod")) {
            return List.of();
        }
        if (inside.equals("dns-version")) {
            return List.of(new DnsRecord.Text(name, SPECIFICATION_VERSION));
        }
        if (inside.endsWith(".svc")) {
            return ofService(inside.substring(0, inside.length() - ".svc".length()));
        }
        if (inside.endsWith(".pod")) {
            return ofPod(name, inside.substring(0, inside.length() - ".pod".length()));
        }
        return null;
    }

    /** {@code path} is {@code [[more.]service.]namespace}. */
    private @Nullable List<DnsRecord> ofService(String path) {
        int dot = path.lastIndexOf('.');
        Map<String, ServiceNames> services = namespaces.get(path.substring(dot + 1));
        if (services == null) {
            return null;
        }
        if (dot < 0) {
            return List.of();
        }
        String rest = path.substring(0, dot);
        int last = rest.lastIndexOf('.');
        ServiceNames names = services.get(rest.substring(last + 1));
        return names == null ? null : names.records().get(last < 0 ? "" : rest.substring(0, last));
    }

    /** {@code path} is {@code [a-b-c-d.]namespace}; a pod's name says its address, so nobody has to be asked. */
    private static @Nullable List<DnsRecord> ofPod(String name, String path) {
        int dot = path.lastIndexOf('.');
        if (dot < 0) {
            return List.of();
        }
        String address = path.substring(0, dot).replace('-', '.');
        return address.indexOf('.') > 0 && Cidr.isAddress(address)
                ? List.of(new DnsRecord.Address(name, ServiceNames.bytes(address)))
                : null;
    }

    private static @Nullable String reversed(String name) {
        String[] parts = name.substring(0, name.length() - REVERSE.length()).split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        String address = parts[3] + "." + parts[2] + "." + parts[1] + "." + parts[0];
        return Cidr.isAddress(address) ? address : null;
    }

    private void forget(ObjectKey key, ServiceNames before, ServiceNames now) {
        for (String address : before.addresses().keySet()) {
            if (!now.addresses().containsKey(address)) {
                reverse.computeIfPresent(address, (a, names) -> {
                    names.remove(key);
                    return names.isEmpty() ? null : names;
                });
            }
        }
    }
}
