package io.vertikube.proxy.rules;

import java.util.List;

/**
 * What the operator set. Immutable.
 *
 * @param clusterCidr all pods of the cluster, or empty when not known: then nothing is masqueraded for leaving it
 * @param serviceRanges all ClusterIPs
 * @param dnsAddress where the node's own DNS listens; a Service of that address without endpoints leaves it alone
 * @param nodePortAddresses ranges of the node's addresses that serve NodePorts; none for all
 * @param externalIps whether {@code spec.externalIPs} are served (CVE-2020-8554 is the reason to say no)
 */
public record RuleScope(
        String clusterCidr,
        List<String> serviceRanges,
        String dnsAddress,
        List<String> nodePortAddresses,
        boolean externalIps) {

    public RuleScope {
        serviceRanges = List.copyOf(serviceRanges);
        nodePortAddresses = List.copyOf(nodePortAddresses);
    }
}
