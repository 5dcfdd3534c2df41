package io.vertikube.proxy.rules;

import java.util.ArrayList;
import java.util.List;

/** The part of the table that does not depend on Services: base chains, their lookups, and what is masqueraded. */
final class FrameRules {

    private static final String MARKED = "meta mark & 0x00004000 == 0x00004000 ";

    private final RuleScope scope;
    private final NodeView node;

    FrameRules(RuleScope scope, NodeView node) {
        this.scope = scope;
        this.node = node;
    }

    void addTo(TableBuilder table) {
        table.map("services", "ip daddr . ip protocol . th dport : verdict");
        table.map("nodeports", "ip protocol . th dport : verdict");
        table.map("hostports", "ip protocol . th dport : ip daddr . th dport");
        table.map("hostports_at", "ip daddr . ip protocol . th dport : ip daddr . th dport");
        table.set("service_ips", "ip daddr");
        table.set("hairpin", "ip saddr . ip daddr");
        table.chain("prerouting", new Chain("type nat hook prerouting priority dstnat", List.of("jump dispatch")));
        table.chain("output", new Chain("type nat hook output priority -100", List.of("jump dispatch")));
        table.chain("postrouting", new Chain("type nat hook postrouting priority srcnat", masquerades()));
        table.chain(
                "dispatch",
                Chain.of(
                        "ip daddr . ip protocol . th dport vmap @services",
                        "ip daddr @service_ips meta l4proto { tcp, udp, sctp } goto refuse",
                        "fib daddr type local jump own_addresses"));
        table.chain("own_addresses", new Chain(null, ownAddresses()));
        table.chain("refuse", Chain.of("meta l4proto tcp reject with tcp reset", "reject"));
    }

    private List<String> ownAddresses() {
        var rules = new ArrayList<String>();
        rules.add("dnat ip to ip daddr . ip protocol . th dport map @hostports_at");
        rules.add("ip daddr { 127.0.0.0/8, " + String.join(", ", scope.serviceRanges()) + " } return");
        rules.add("dnat ip to ip protocol . th dport map @hostports");
        String only = scope.nodePortAddresses().isEmpty()
                ? ""
                : "ip daddr { " + String.join(", ", scope.nodePortAddresses()) + " } ";
        rules.add(only + "ip protocol . th dport vmap @nodeports");
        return rules;
    }

    /**
     * A pod that reaches itself through a Service must see another sender, or it would answer itself past conntrack; the
     * same holds for two pods on one bridge where bridged frames skip conntrack.
     */
    private List<String> masquerades() {
        var rules = new ArrayList<String>();
        rules.add(MARKED + "meta mark set meta mark & 0xffffbfff masquerade");
        rules.add("ct status dnat ip saddr . ip daddr @hairpin masquerade");
        String here = node.podCidr();
        if (!here.isEmpty() && !node.bridgePassesFilters()) {
            rules.add("ct status dnat ip saddr " + here + " ip daddr " + here + " masquerade");
        }
        if (!scope.clusterCidr().isEmpty()) {
            String pods = here.isEmpty() ? scope.clusterCidr() : here;
            rules.add("ip saddr " + pods + " ip daddr != " + scope.clusterCidr() + " masquerade");
            for (String range : scope.serviceRanges()) {
                rules.add("ct status dnat ct original ip daddr " + range + " ip saddr != " + scope.clusterCidr()
                        + " oifname != \"lo\" masquerade");
            }
        }
        return rules;
    }
}
