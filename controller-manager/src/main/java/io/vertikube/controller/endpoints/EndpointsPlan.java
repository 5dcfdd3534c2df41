package io.vertikube.controller.endpoints;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Endpoints that a Service and its pods call for. Pure. */
final class EndpointsPlan {
    static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
    static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

    /** Addresses beyond this are left out; EndpointSlices have them all. */
    static final int CAPACITY = 1000;

    private static final Comparator<EndpointAddress> BY_ADDRESS = Comparator.comparing(EndpointAddress::getIp)
            .thenComparing(address -> Fields.text(
                    address.getTargetRef() == null
                            ? null
                            : address.getTargetRef().getUid()));

    /** The addresses that share a set of ports. Confined to one call. */
    private static final class Group {
        private final List<EndpointAddress> ready = new ArrayList<>();
        private final List<EndpointAddress> notReady = new ArrayList<>();
    }

    private EndpointsPlan() {}

    /** The wanted object; equal to {@code current} when nothing is to be written. */
    static Endpoints of(Service service, List<Pod> pods, Optional<Endpoints> current) {
        List<EndpointSubset> subsets = new ArrayList<>();
        boolean cut = limit(subsets(service, pods), subsets);
        Endpoints old = current.orElseGet(() -> new EndpointsBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName(service.getMetadata().getName())
                        .withNamespace(service.getMetadata().getNamespace())
                        .build())
                .build());
        var labels = new HashMap<>(ServicePods.labels(service));
        labels.remove(ServicePods.HEADLESS_LABEL);
        if (ServicePods.headless(service)) {
            labels.put(ServicePods.HEADLESS_LABEL, "");
        }
        labels.put(MANAGED_BY, "endpoint-controller");
        var annotations = new HashMap<>(Fields.map(old.getMetadata().getAnnotations()));
        annotations.remove(OVER_CAPACITY);
        if (cut) {
            annotations.put(OVER_CAPACITY, "truncated");
        }
        return new EndpointsBuilder(old)
                .editMetadata()
                .withLabels(labels)
                .withAnnotations(annotations)
                .endMetadata()
                .withSubsets(subsets)
                .build();
    }

    private static List<EndpointSubset> subsets(Service service, List<Pod> pods) {
        boolean publishNotReady = Fields.flag(service.getSpec().getPublishNotReadyAddresses());
        Map<List<EndpointPort>, Group> groups = new LinkedHashMap<>();
        List<Pod> sorted = pods.stream()
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .toList();
        for (Pod pod : sorted) {
            if (!belongs(pod, publishNotReady)) {
                continue;
            }
            List<EndpointPort> ports = ports(service, pod);
            if (ports.isEmpty() && !Fields.list(service.getSpec().getPorts()).isEmpty()) {
                continue;
            }
            Group group = groups.computeIfAbsent(ports, key -> new Group());
            EndpointAddress address = address(service, pod);
            if (publishNotReady || Pods.ready(pod)) {
                group.ready.add(address);
            } else {
                group.notReady.add(address);
            }
        }
        return groups.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                .map(entry -> subset(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static EndpointSubset subset(List<EndpointPort> ports, Group group) {
        group.ready.sort(BY_ADDRESS);
        group.notReady.sort(BY_ADDRESS);
        return new EndpointSubset(group.ready, group.notReady, ports);
    }

    private static boolean belongs(Pod pod, boolean evenTerminating) {
        return !Pods.finished(pod)
                && !ServicePods.addresses(pod).isEmpty()
                && (evenTerminating || !Pods.terminating(pod));
    }

    private static List<EndpointPort> ports(Service service, Pod pod) {
        var ports = new ArrayList<EndpointPort>();
        for (ServicePort port : Fields.list(service.getSpec().getPorts())) {
            ServicePods.targetPort(pod, port)
                    .ifPresent(number -> ports.add(new EndpointPort(
                            port.getAppProtocol(),
                            Fields.text(port.getName()).isEmpty() ? null : port.getName(),
                            number,
                            ServicePods.protocol(port.getProtocol()))));
        }
        ports.sort(Comparator.comparing((EndpointPort port) -> Fields.text(port.getName()))
                .thenComparing(EndpointPort::getPort)
                .thenComparing(EndpointPort::getProtocol));
        return ports;
    }

    private static EndpointAddress address(Service service, Pod pod) {
        String node = pod.getSpec().getNodeName();
        return new EndpointAddressBuilder()
                .withIp(ServicePods.addresses(pod).getFirst())
                .withHostname(ServicePods.hostname(pod, service))
                .withNodeName(Fields.text(node).isEmpty() ? null : node)
                .withTargetRef(ServicePods.reference(pod))
                .build();
    }

    /** Copies subsets up to {@link #CAPACITY} addresses, ready ones first; whether some were left out. */
    private static boolean limit(List<EndpointSubset> all, List<EndpointSubset> kept) {
        int total = all.stream()
                .mapToInt(
                        s -> s.getAddresses().size() + s.getNotReadyAddresses().size())
                .sum();
        if (total <= CAPACITY) {
            kept.addAll(all);
            return false;
        }
        int ready = all.stream().mapToInt(s -> s.getAddresses().size()).sum();
        int readyLeft = Math.min(ready, CAPACITY);
        int notReadyLeft = CAPACITY - readyLeft;
        for (EndpointSubset subset : all) {
            var addresses = subset.getAddresses().stream().limit(readyLeft).toList();
            var notReady =
                    subset.getNotReadyAddresses().stream().limit(notReadyLeft).toList();
            readyLeft -= addresses.size();
            notReadyLeft -= notReady.size();
            if (!addresses.isEmpty() || !notReady.isEmpty()) {
                kept.add(new EndpointSubset(addresses, notReady, subset.getPorts()));
            }
        }
        return true;
    }
}
