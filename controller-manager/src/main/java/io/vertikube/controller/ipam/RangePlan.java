package io.vertikube.controller.ipam;

import io.vertikube.value.Cidr;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The first part of a cluster's range that no node has. Pure.
 *
 * @param cluster the cluster's pod range
 * @param prefix the prefix length of a node's part
 */
record RangePlan(Cidr cluster, int prefix) {
    RangePlan {
        if (prefix < cluster.prefix()) {
            throw new IllegalArgumentException("a node's range /" + prefix + " does not fit into " + cluster);
        }
    }

    /** @param taken ranges that nodes have, whatever their size */
    Optional<String> free(Collection<String> taken) {
        Set<Long> used = new HashSet<>();
        for (String text : taken) {
            markUsed(text, used);
        }
        long count = cluster.subnets(prefix);
        for (long index = 0; index < count; index++) {
            if (!used.contains(index)) {
                return Optional.of(cluster.subnet(prefix, index).toString());
            }
        }
        return Optional.empty();
    }

    private void markUsed(String text, Set<Long> used) {
        Cidr range;
        try {
            range = Cidr.parse(text);
        } catch (IllegalArgumentException unreadable) {
            return;
        }
        if (range.isIpv6() != cluster.isIpv6() || !cluster.contains(range.address(0))) {
            return;
        }
        long size = cluster.subnet(prefix, 0).size();
        long first = cluster.indexOf(range.address(0)) / size;
        long last = (cluster.indexOf(range.address(0)) + range.size() - 1) / size;
        for (long index = first; index <= last; index++) {
            used.add(index);
        }
    }
}
