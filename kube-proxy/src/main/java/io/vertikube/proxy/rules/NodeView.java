package io.vertikube.proxy.rules;

/**
 * The machine the rules are for. Immutable.
 *
 * @param zone the label {@code topology.kubernetes.io/zone}, or empty
 * @param podCidr the range of this node's pods, or empty when it has none yet
 * @param bridgePassesFilters whether frames that stay on one bridge see conntrack (br_netfilter loaded and on)
 */
public record NodeView(String name, String zone, String podCidr, boolean bridgePassesFilters) {}
