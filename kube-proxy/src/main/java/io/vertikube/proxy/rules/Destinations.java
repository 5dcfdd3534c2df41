package io.vertikube.proxy.rules;

import io.vertikube.proxy.rules.TableBuilder.Space;
import java.util.ArrayList;
import java.util.List;

/** Adds the verdict of each place at which a Service port is reached, and what the verdict leads to. */
final class Destinations {

    private final TableBuilder table;
    private final RuleScope scope;
    private final StickyChains sticky;

    Destinations(TableBuilder table, RuleScope scope) {
        this.table = table;
        this.scope = scope;
        this.sticky = new StickyChains(table);
    }

    /** At its ClusterIP. Nothing anywhere is refused; nothing here, where only here counts, is dropped. */
    void addClusterIp(ServiceTarget target, String address) {
        List<Backend> backends = target.insideHereOnly() ? target.here() : target.everywhere();
        String key = target.keyAt(address);
        if (backends.isEmpty()) {
            table.add("services", key, target.everywhere().isEmpty() ? "goto refuse" : "drop");
        } else if (target.sticky()) {
            table.add("services", key, "goto " + sticky.over(target, backends, target.insideHereOnly()));
        } else if (table.add("services", key, "goto n" + backends.size())) {
            table.spread(Space.SERVICE, key, backends);
            table.chain("n" + backends.size(), Chain.of(table.spreadRule(Space.SERVICE, backends.size())));
        }
    }

    /** At an address outside the cluster's ranges: a load balancer's, or an external IP. */
    void addExternal(ServiceTarget target, String address) {
        String key = target.keyAt(address);
        add("services", key, target, Space.SERVICE, Space.SERVICE_LOCAL, "m", "s");
    }

    /** At a port of the node. */
    void addNodePort(ServiceTarget target, int nodePort) {
        String key = target.protocol() + " . " + nodePort;
        add("nodeports", key, target, Space.NODE_PORT, Space.NODE_PORT_LOCAL, "p", "q");
    }

    private void add(
            String verdicts,
            String key,
            ServiceTarget target,
            Space space,
            Space localSpace,
            String marking,
            String localMarking) {
        if (target.everywhere().isEmpty()) {
            table.add(verdicts, key, "goto refuse");
            return;
        }
        if (target.sticky()) {
            table.add(verdicts, key, "goto " + stickyFromOutside(target));
            return;
        }
        int count = target.everywhere().size();
        int localCount = target.here().size();
        String chain = target.outsideHereOnly() ? localMarking + localCount + "_" + count : marking + count;
        if (!table.add(verdicts, key, "goto " + chain)) {
            return;
        }
        table.spread(space, key, target.everywhere());
        table.chain(marking + count, Chain.of(TableBuilder.MASQUERADE_MARK, table.spreadRule(space, count)));
        if (target.outsideHereOnly()) {
            String last = "drop";
            if (localCount > 0) {
                table.spread(localSpace, key, target.here());
                last = table.spreadRule(localSpace, localCount);
            }
            table.chain(chain, new Chain(null, keepSource(marking + count, last)));
        }
    }

    private String stickyFromOutside(ServiceTarget target) {
        String all = sticky.over(target, target.everywhere(), false);
        String marked = "sticky-marked/" + target.id();
        table.chain(marked, Chain.of(TableBuilder.MASQUERADE_MARK, "goto " + all));
        if (!target.outsideHereOnly()) {
            return marked;
        }
        String outside = "sticky-outside/" + target.id();
        String last = target.here().isEmpty() ? "drop" : "goto " + sticky.over(target, target.here(), true);
        table.chain(outside, new Chain(null, keepSource(marked, last)));
        return outside;
    }

    /** Pods and the node itself reach all endpoints; who comes from outside keeps its address and stays here. */
    private List<String> keepSource(String forCluster, String forOthers) {
        var rules = new ArrayList<String>();
        if (!scope.clusterCidr().isEmpty()) {
            rules.add("ip saddr " + scope.clusterCidr() + " goto " + forCluster);
        }
        rules.add("fib saddr type local goto " + forCluster);
        rules.add(forOthers);
        return rules;
    }
}
