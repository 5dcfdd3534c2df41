package io.vertikube.proxy.dns;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.vertikube.value.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names that one Service gives, relative to its own: {@code ""} itself, {@code web-0} a host behind a headless one,
 * {@code _http._tcp} a port. A name with an empty list exists without records. Immutable.
 *
 * @param addresses for reverse lookup: address to full name
 */
record ServiceNames(Map<String, List<DnsRecord>> records, Map<String, String> addresses) {

    ServiceNames {
        records = Map.copyOf(records);
        addresses = Map.copyOf(addresses);
    }

    /** From the objects. Pure. */
    static ServiceNames of(Service service, Collection<EndpointSlice> slices, String domain) {
        String full =
                service.getMetadata().getName() + "." + service.getMetadata().getNamespace() + ".svc." + domain;
        var builder = new Builder(full);
        String clusterIp = service.getSpec().getClusterIP();
        if ("ExternalName".equals(service.getSpec().getType())) {
            String target = service.getSpec().getExternalName();
            if (target != null && !target.isEmpty()) {
                builder.add("", new DnsRecord.Name(full, RecordType.CNAME, withoutDot(target)));
            }
        } else if ("None".equals(clusterIp)) {
            builder.headless(slices);
        } else if (clusterIp != null && Cidr.isAddress(clusterIp)) {
            builder.virtual(service, clusterIp);
        }
        return builder.build();
    }

    private static String withoutDot(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + address + "' is no IP address", e);
        }
    }

    /** Collects records under relative names. Confined. */
    private static final class Builder {
        private final String full;
        private final Map<String, List<DnsRecord>> records = new LinkedHashMap<>();
        private final Map<String, String> reverse = new LinkedHashMap<>();

        Builder(String full) {
            this.full = full;
            records.put("", new ArrayList<>());
        }

        void virtual(Service service, String clusterIp) {
            var all = service.getSpec().getClusterIPs().isEmpty()
                    ? List.of(clusterIp)
                    : service.getSpec().getClusterIPs();
            for (String address : all) {
                add("", new DnsRecord.Address(full, bytes(address)));
                reverse.put(address, full);
            }
            for (ServicePort port : service.getSpec().getPorts()) {
                addPort(port.getName(), port.getProtocol(), port.getPort(), full);
            }
        }

        void headless(Collection<EndpointSlice> slices) {
            for (EndpointSlice slice : slices) {
                if ("FQDN".equals(slice.getAddressType())) {
                    continue;
                }
                for (Endpoint endpoint : orNone(slice.getEndpoints())) {
                    boolean ready = endpoint.getConditions() == null
                            || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
                    if (ready) {
                        endpoint.getAddresses().forEach(address -> host(slice, endpoint.getHostname(), address));
                    }
                }
            }
        }

        private void host(EndpointSlice slice, @Nullable String hostname, String address) {
            String label = hostname == null || hostname.isEmpty()
                    ? address.replace('.', '-').replace(':', '-')
                    : hostname.toLowerCase(Locale.ROOT);
            String host = label + "." + full;
            byte[] bytes = bytes(address);
            add("", new DnsRecord.Address(full, bytes));
            add(label, new DnsRecord.Address(host, bytes));
            reverse.put(address, host);
            for (EndpointPort port : orNone(slice.getPorts())) {
                if (port.getPort() != null) {
                    addPort(port.getName(), port.getProtocol(), port.getPort(), host);
                }
            }
        }

        private void addPort(@Nullable String name, @Nullable String protocol, int number, String target) {
            if (name == null || name.isEmpty()) {
                return;
            }
            String under = "_" + (protocol == null ? "tcp" : protocol.toLowerCase(Locale.ROOT));
            String relative = "_" + name.toLowerCase(Locale.ROOT) + "." + under;
            records.computeIfAbsent(under, n -> new ArrayList<>());
            add(relative, new DnsRecord.Srv(relative + "." + full, 0, 100, number, target));
        }

        void add(String relative, DnsRecord record) {
            List<DnsRecord> list = records.computeIfAbsent(relative, n -> new ArrayList<>());
            if (!list.contains(record)) {
                list.add(record);
            }
        }

        ServiceNames build() {
            var copies = new LinkedHashMap<String, List<DnsRecord>>();
            records.forEach((name, list) -> copies.put(name, List.copyOf(list)));
            return new ServiceNames(copies, reverse);
        }

        private static <T> List<T> orNone(@Nullable List<T> list) {
            return list == null ? List.of() : list;
        }
    }
}
