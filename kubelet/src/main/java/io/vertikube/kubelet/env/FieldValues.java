package io.vertikube.kubelet.env;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import io.vertikube.value.PodContainers;
import io.vertikube.value.Quantities;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a pod may learn of itself ("Downward API" in the documentation).
 *
 * @param podIps addresses of the pod, empty before it has a sandbox
 * @param hostIps addresses of the machine
 * @param allocatable of the machine; stands in for a limit that is not set
 */
public record FieldValues(List<String> podIps, List<String> hostIps, Map<String, Quantity> allocatable) {

    public FieldValues {
        podIps = List.copyOf(podIps);
        hostIps = List.copyOf(hostIps);
        allocatable = Map.copyOf(allocatable);
    }

    /** The value of a field; a path that is not offered is a {@link ConfigProblem}. */
    public String field(Pod pod, String path) {
        ObjectMeta metadata = pod.getMetadata();
        return switch (path) {
            case "metadata.name" -> metadata.getName();
            case "metadata.namespace" -> metadata.getNamespace();
            case "metadata.uid" -> metadata.getUid();
            case "metadata.labels" -> lines(metadata.getLabels());
            case "metadata.annotations" -> lines(metadata.getAnnotations());
            case "spec.nodeName" -> text(pod.getSpec().getNodeName());
            case "spec.serviceAccountName" -> text(pod.getSpec().getServiceAccountName());
            case "status.hostIP" -> first(hostIps);
            case "status.hostIPs" -> String.join(",", hostIps);
            case "status.podIP" -> first(podIps.isEmpty() ? reported(pod) : podIps);
            case "status.podIPs" -> String.join(",", podIps.isEmpty() ? reported(pod) : podIps);
            default -> subscript(metadata, path);
        };
    }

    /** A request or limit in units of the divisor, rounded up. */
    public String resource(Pod pod, Container own, ResourceFieldSelector selector) {
        String name = selector.getContainerName();
        Container container = name == null || name.isEmpty() ? own : containerOf(pod, name);
        String[] parts = selector.getResource().split("\\.", 2);
        if (parts.length < 2) {
            throw new ConfigProblem("unsupported container resource: " + selector.getResource());
        }
        boolean limits = parts[0].equals("limits");
        var resources = container.getResources();
        Map<String, Quantity> amounts =
                resources == null ? null : limits ? resources.getLimits() : resources.getRequests();
        Quantity amount = amounts == null ? null : amounts.get(parts[1]);
        if (amount == null && limits) {
            amount = allocatable.get(parts[1]);
        }
        BigDecimal value = amount == null ? BigDecimal.ZERO : Quantities.parse(amount.toString());
        Quantity unit = selector.getDivisor();
        BigDecimal divisor = unit == null ? BigDecimal.ZERO : Quantities.parse(unit.toString());
        return value.divide(divisor.signum() == 0 ? BigDecimal.ONE : divisor, 0, RoundingMode.CEILING)
                .toPlainString();
    }

    private static Container containerOf(Pod pod, String name) {
        return PodContainers.all(pod.getSpec()).stream()
                .filter(container -> container.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigProblem("container " + name + " not found"));
    }

    private static String subscript(ObjectMeta metadata, String path) {
        int open = path.indexOf("['");
        if (open > 0 && path.endsWith("']")) {
            String key = path.substring(open + 2, path.length() - 2);
            Map<String, String> map =
                    switch (path.substring(0, open)) {
                        case "metadata.labels" -> metadata.getLabels();
                        case "metadata.annotations" -> metadata.getAnnotations();
                        default -> throw new ConfigProblem("unsupported fieldPath: " + path);
                    };
            return map == null ? "" : map.getOrDefault(key, "");
        }
        throw new ConfigProblem("unsupported fieldPath: " + path);
    }

    private static List<String> reported(Pod pod) {
        if (pod.getStatus() == null || pod.getStatus().getPodIPs() == null) {
            return List.of();
        }
        return pod.getStatus().getPodIPs().stream().map(PodIP::getIp).toList();
    }

    /** One {@code key="value"} a line, sorted. */
    private static String lines(Map<String, String> map) {
        return map == null
                ? ""
                : new TreeMap<>(map)
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + quoted(entry.getValue()))
                                .collect(Collectors.joining("\n"));
    }

    private static String quoted(String value) {
        return '"'
                + value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                + '"';
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }

    private static String first(List<String> values) {
        return values.isEmpty() ? "" : values.getFirst();
    }
}
