package io.vertikube.proxy.rules;

import java.util.ArrayList;
import java.util.List;

/**
 * Chains for session affinity: one set of clients for each endpoint, which the kernel fills and forgets after the
 * Service's time; the sets are shared by all places at which the Service port is reached.
 */
final class StickyChains {

    private static final int MOST_CLIENTS = 65_535;

    private final TableBuilder table;

    StickyChains(TableBuilder table) {
        this.table = table;
    }

    /** The name of the chain that sends a client where it went before, and a new one anywhere among the backends. */
    String over(ServiceTarget target, List<Backend> backends, boolean hereOnly) {
        String name = (hereOnly ? "sticky-here/" : "sticky/") + target.id();
        var known = new ArrayList<String>();
        var any = new StringBuilder("numgen random mod " + backends.size() + " vmap { ");
        for (int i = 0; i < backends.size(); i++) {
            String suffix = target.id() + "/" + backends.get(i).address() + "/"
                    + backends.get(i).port();
            addBackend(suffix, target, backends.get(i));
            known.add("ip saddr @clients/" + suffix + " goto to/" + suffix);
            any.append(i == 0 ? "" : ", ").append(i).append(" : goto to/").append(suffix);
        }
        known.add(any.append(" }").toString());
        table.chain(name, new Chain(null, known));
        return name;
    }

    private void addBackend(String suffix, ServiceTarget target, Backend backend) {
        table.set(
                "clients/" + suffix,
                "ip saddr",
                "size " + MOST_CLIENTS,
                "flags dynamic,timeout",
                "timeout " + target.stickySeconds() + "s");
        table.chain(
                "to/" + suffix,
                Chain.of(
                        "update @clients/" + suffix + " { ip saddr }",
                        "meta l4proto " + target.protocol() + " dnat to " + backend.address() + ":" + backend.port()));
    }
}
