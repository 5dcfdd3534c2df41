package io.vertikube.proxy.rules;

import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the addresses behind one Service port out of EndpointSlices. */
final class Backends {

    private Backends() {}

    /** All of them, in order, one an address and port; IPv4 only. */
    static List<Backend> of(Collection<EndpointSlice> slices, ServicePort port, NodeView node) {
        var found = new TreeMap<Backend, Backend>(Backend.ORDER);
        for (EndpointSlice slice : slices) {
            if (!"IPv4".equals(slice.getAddressType())) {
                continue;
            }
            Integer number = number(slice, port);
            if (number == null) {
                continue;
            }
            for (Endpoint endpoint : orNone(slice.getEndpoints())) {
                if (!endpoint.getAddresses().isEmpty()) {
                    Backend backend = backend(endpoint, number, node);
                    found.merge(backend, backend, (a, b) -> a.ready() ? a : b);
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    /** Those that get traffic: the ready ones; if none is, those that still serve while they end (KEP-1669). */
    static List<Backend> usable(List<Backend> all) {
        List<Backend> ready = all.stream().filter(Backend::ready).toList();
        return ready.isEmpty()
                ? all.stream().filter(b -> b.serving() && b.terminating()).toList()
                : ready;
    }

    /** Of those in use the ones that are meant for this node or else for its zone; all, where one has no hint or none is. */
    static List<Backend> close(List<Backend> used) {
        if (used.stream().anyMatch(backend -> backend.hint() == Backend.Hint.NONE)) {
            return used;
        }
        for (Backend.Hint meant : List.of(Backend.Hint.THIS_NODE, Backend.Hint.THIS_ZONE)) {
            List<Backend> close =
                    used.stream().filter(backend -> backend.hint() == meant).toList();
            if (!close.isEmpty()) {
                return close;
            }
        }
        return used;
    }

    static List<Backend> local(List<Backend> all) {
        return all.stream().filter(Backend::local).toList();
    }

    private static Backend backend(Endpoint endpoint, int port, NodeView node) {
        EndpointConditions conditions = endpoint.getConditions();
        boolean ready = conditions == null || !Boolean.FALSE.equals(conditions.getReady());
        Boolean said = conditions == null ? null : conditions.getServing();
        boolean serving = said == null ? ready : said;
        boolean terminating = conditions != null && Boolean.TRUE.equals(conditions.getTerminating());
        return new Backend(
                endpoint.getAddresses().getFirst(),
                port,
                ready,
                serving,
                terminating,
                node.name().equals(endpoint.getNodeName()),
                hint(endpoint.getHints(), node));
    }

    private static Backend.Hint hint(@Nullable EndpointHints hints, NodeView node) {
        if (hints == null
                || (orNone(hints.getForNodes()).isEmpty()
                        && orNone(hints.getForZones()).isEmpty())) {
            return Backend.Hint.NONE;
        }
        if (orNone(hints.getForNodes()).stream().anyMatch(meant -> node.name().equals(meant.getName()))) {
            return Backend.Hint.THIS_NODE;
        }
        return orNone(hints.getForZones()).stream()
                        .anyMatch(meant -> node.zone().equals(meant.getName()))
                ? Backend.Hint.THIS_ZONE
                : Backend.Hint.OTHERS;
    }

    private static @Nullable Integer number(EndpointSlice slice, ServicePort port) {
        for (EndpointPort candidate : orNone(slice.getPorts())) {
            if (text(candidate.getName()).equals(text(port.getName()))
                    && protocol(candidate.getProtocol()).equals(protocol(port.getProtocol()))) {
                return candidate.getPort();
            }
        }
        return null;
    }

    /** Lower case, as nft writes it. */
    static String protocol(@Nullable String protocol) {
        return protocol == null || protocol.isEmpty() ? "tcp" : protocol.toLowerCase(java.util.Locale.ROOT);
    }

    /** Writers in Go say null for an empty list. */
    private static <T> List<T> orNone(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
