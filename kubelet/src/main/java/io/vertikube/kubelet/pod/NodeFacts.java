package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.kubelet.runtime.DnsConfig;
import java.util.List;
import java.util.Map;

/**
 * What pods are told of their node. Immutable.
 *
 * @param pageSizes sizes of large pages that its kernel knows, such as {@code 2Mi}
 */
public record NodeFacts(
        String nodeName,
        List<String> hostIps,
        long memoryBytes,
        List<String> pageSizes,
        Map<String, Quantity> allocatable,
        DnsConfig resolver,
        String runtimeName) {

    public NodeFacts {
        hostIps = List.copyOf(hostIps);
        pageSizes = List.copyOf(pageSizes);
        allocatable = Map.copyOf(allocatable);
    }
}
