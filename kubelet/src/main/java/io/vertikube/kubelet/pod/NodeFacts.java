package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.kubelet.cgroup.LimitPolicy;
import io.vertikube.kubelet.runtime.DnsConfig;
import java.util.List;
import java.util.Map;

/**
 * What pods are told of their node. Immutable.
 *
 * @param pageSizes sizes of large pages that its kernel knows, such as {@code 2Mi}
 * @param limits what containers' limits become on its kernel
 */
public record NodeFacts(
        String nodeName,
        List<String> hostIps,
        long memoryBytes,
        List<String> pageSizes,
        LimitPolicy limits,
        Map<String, Quantity> allocatable,
        DnsConfig resolver,
        String runtimeName) {

    public NodeFacts {
        hostIps = List.copyOf(hostIps);
        pageSizes = List.copyOf(pageSizes);
        allocatable = Map.copyOf(allocatable);
    }
}
