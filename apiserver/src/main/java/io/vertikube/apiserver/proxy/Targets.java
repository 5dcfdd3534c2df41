package io.vertikube.apiserver.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Finds kubelets, pods and Services among the stored objects. Safe for any thread. */
final class Targets {

    private static final Gvr NODES = new Gvr("", "v1", "nodes");
    private static final Gvr PODS = new Gvr("", "v1", "pods");
    private static final Gvr SERVICES = new Gvr("", "v1", "services");
    private static final List<String> PREFERRED = List.of("InternalIP", "ExternalIP");
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]+");
    private static final int KUBELET_PORT = 10250;

    /** A name as the proxies take it, {@code [scheme:]name[:port]}. */
    private record Wanted(boolean tls, String name, String port) {

        static Wanted of(String kind, String text) {
            String[] parts = text.split(":", -1);
            return switch (parts.length) {
                case 1 -> new Wanted(false, parts[0], "");
                case 2 -> new Wanted(false, parts[0], parts[1]);
                case 3 -> {
                    if (!List.of("", "http", "https").contains(parts[0]) || parts[1].isEmpty()) {
                        throw invalid(kind, text);
                    }
                    yield new Wanted(parts[0].equals("https"), parts[1], parts[2]);
                }
                default -> throw invalid(kind, text);
            };
        }

        private static ApiException invalid(String kind, String text) {
            return ApiErrors.badRequest("invalid " + kind + " request \"" + text + "\"");
        }
    }

    private final boolean loopback;
    private final RandomGenerator random;

    /** @param loopback whether nodes and pods may have loopback addresses */
    Targets(boolean loopback, RandomGenerator random) {
        this.loopback = loopback;
        this.random = random;
    }

    ObjectNode pod(Snapshot snapshot, String namespace, String name) {
        return snapshot.get("/registry/core/pods/" + namespace + "/" + name)
                .map(StoredObject::tree)
                .orElseThrow(() -> ApiErrors.notFound(PODS, name));
    }

    /** The kubelet of a node, at the address and port that the node has registered. */
    Target kubelet(Snapshot snapshot, String name) {
        ObjectNode node = snapshot.get("/registry/core/nodes/" + name)
                .map(StoredObject::tree)
                .orElseThrow(() -> ApiErrors.notFound(NODES, name));
        int port = node.path("status")
                .path("daemonEndpoints")
                .path("kubeletEndpoint")
                .path("Port")
                .asInt(KUBELET_PORT);
        for (String type : PREFERRED) {
            for (JsonNode address : node.path("status").path("addresses")) {
                if (address.path("type").asText().equals(type)) {
                    return new Target(checked(address.path("address").asText()), port, true, true);
                }
            }
        }
        throw ApiErrors.serviceUnavailable("no preferred addresses found for node \"" + name + "\"; known addresses: "
                + node.path("status").path("addresses"));
    }

    /** The kubelet that a proxy request names; a port other than the kubelet's is refused. */
    Target nodeProxy(Snapshot snapshot, String text) {
        Wanted wanted = Wanted.of("node", text);
        Target kubelet = kubelet(snapshot, wanted.name());
        if (!wanted.port().isEmpty() && !wanted.port().equals(Integer.toString(kubelet.port()))) {
            throw ApiErrors.badRequest(
                    "node \"" + wanted.name() + "\" is proxied to its kubelet on port " + kubelet.port() + " alone");
        }
        return kubelet;
    }

    Target podProxy(Snapshot snapshot, String namespace, String text) {
        Wanted wanted = Wanted.of("pod", text);
        ObjectNode pod = pod(snapshot, namespace, wanted.name());
        String address = Trees.text(pod, "status", "podIP");
        if (address.isEmpty()) {
            throw ApiErrors.badRequest("address not allowed: pod \"" + wanted.name() + "\" has no address yet");
        }
        int port = wanted.port().isEmpty() ? firstPort(pod, wanted.tls()) : portOf(pod, wanted.port());
        return new Target(checked(address), port, wanted.tls(), false);
    }

    private static int firstPort(ObjectNode pod, boolean tls) {
        for (ObjectNode container : Trees.objects(pod.path("spec"), "containers")) {
            for (JsonNode port : container.path("ports")) {
                return port.path("containerPort").asInt();
            }
        }
        return tls ? 443 : 80;
    }

    private static int portOf(ObjectNode pod, String wanted) {
        for (ObjectNode container : Trees.objects(pod.path("spec"), "containers")) {
            for (JsonNode port : container.path("ports")) {
                if (port.path("name").asText().equals(wanted)) {
                    return port.path("containerPort").asInt();
                }
            }
        }
        return number(wanted);
    }

    Target serviceProxy(Snapshot snapshot, String namespace, String text) {
        Wanted wanted = Wanted.of("service", text);
        ObjectNode service = snapshot.get("/registry/core/services/" + namespace + "/" + wanted.name())
                .map(StoredObject::tree)
                .orElseThrow(() -> ApiErrors.notFound(SERVICES, wanted.name()));
        Optional<String> portName = servicePort(service, wanted.port());
        List<Target> targets = new ArrayList<>();
        for (StoredObject slice : snapshot.under("/registry/discovery.k8s.io/endpointslices/" + namespace + "/")
                .values()) {
            if (wanted.name().equals(slice.labels().get("kubernetes.io/service-name"))) {
                collect(slice.tree(), portName, wanted.tls(), targets);
            }
        }
        if (targets.isEmpty()) {
            throw ApiErrors.serviceUnavailable("no endpoints available for service \"" + wanted.name() + "\"");
        }
        Target chosen = targets.get(random.nextInt(targets.size()));
        return new Target(checked(chosen.host()), chosen.port(), chosen.tls(), false);
    }

    private static Optional<String> servicePort(ObjectNode service, String wanted) {
        for (JsonNode port : service.path("spec").path("ports")) {
            String name = port.path("name").asText("");
            if (wanted.isEmpty()
                    || name.equals(wanted)
                    || port.path("port").asText().equals(wanted)) {
                return Optional.of(name);
            }
        }
        throw ApiErrors.serviceUnavailable("no service port \"" + wanted + "\" found for service \""
                + Trees.text(service, "metadata", "name") + "\"");
    }

    private static void collect(ObjectNode slice, Optional<String> portName, boolean tls, List<Target> targets) {
        for (JsonNode port : slice.path("ports")) {
            if (portName.isPresent() && !portName.get().equals(port.path("name").asText(""))) {
                continue;
            }
            for (JsonNode endpoint : slice.path("endpoints")) {
                if (endpoint.path("conditions").path("ready").asBoolean(true)) {
                    endpoint.path("addresses")
                            .forEach(a -> targets.add(
                                    new Target(a.asText(), port.path("port").asInt(), tls, false)));
                }
            }
        }
    }

    private static int number(String port) {
        try {
            int value = Integer.parseInt(port);
            if (value > 0 && value < 65536) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw ApiErrors.badRequest("invalid port \"" + port + "\"");
        }
        throw ApiErrors.badRequest("invalid port \"" + port + "\"");
    }

    /**
     * An address that nobody gains by naming: no name that could resolve to something else later, nothing of this machine
     * or of its link (CVE-2020-8562, CVE-2022-3294).
     */
    private String checked(String address) {
        try {
            if (!ADDRESS.matcher(address).matches()) {
                throw ApiErrors.badRequest("address not allowed: \"" + address + "\" is no IP address");
            }
            InetAddress parsed = InetAddress.getByName(address);
            if (parsed.isAnyLocalAddress()
                    || parsed.isLinkLocalAddress()
                    || parsed.isMulticastAddress()
                    || (parsed.isLoopbackAddress() && !loopback)) {
                throw ApiErrors.badRequest("address not allowed: " + address);
            }
            return address;
        } catch (UnknownHostException e) {
            throw ApiErrors.badRequest("address not allowed: \"" + address + "\" is no IP address");
        }
    }
}
