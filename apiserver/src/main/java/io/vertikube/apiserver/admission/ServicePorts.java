package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.Allocations.Pool;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.FieldError;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Gives Services the ports that they have on every node. Blocks on the store; safe for many at a time. */
final class ServicePorts {

    private final Allocations allocations;
    private final PortRange range;
    private final AddressRange band;
    private final RandomGenerator random;

    ServicePorts(Allocations allocations, PortRange range, RandomGenerator random) {
        this.allocations = allocations;
        this.range = range;
        this.band = AddressRange.of(range.first(), range.last() + 1L, 32, 16, 128);
        this.random = random;
    }

    void allocate(AdmissionRequest request, ObjectNode spec, JsonNode oldSpec) {
        nodePorts(request, spec, oldSpec);
        healthCheckPort(request, spec, oldSpec);
    }

    /** All that a Service holds. */
    static Set<Integer> of(JsonNode spec) {
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

    private void nodePorts(AdmissionRequest request, ObjectNode spec, JsonNode oldSpec) {
        if (!wantsNodePorts(spec)) {
            return;
        }
        Set<Integer> had = of(oldSpec);
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
        if (!range.contains(asked)) {
            throw ServiceAddresses.invalid(
                    request,
                    FieldError.invalid(
                            field,
                            asked,
                            "provided port is not in the valid range. The range of valid ports is " + range));
        }
        String name = Integer.toString(asked);
        boolean had = request.dryRun()
                ? !allocations.isTaken(Pool.NODE_PORTS, name)
                : allocations.take(Pool.NODE_PORTS, name, ServiceAddresses.owner(request));
        if (!had) {
            throw ServiceAddresses.invalid(
                    request, FieldError.invalid(field, asked, "provided port is already allocated"));
        }
    }

    private int newPort(AdmissionRequest request) {
        long port = band.take(
                random,
                allocations.taken(Pool.NODE_PORTS),
                Long::toString,
                candidate -> request.dryRun()
                        || allocations.take(Pool.NODE_PORTS, candidate, ServiceAddresses.owner(request)));
        if (port < 0) {
            throw ApiErrors.internal("failed to allocate a nodePort: range is full");
        }
        return (int) port;
    }
}
