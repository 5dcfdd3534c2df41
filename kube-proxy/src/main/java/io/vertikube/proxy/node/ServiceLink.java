package io.vertikube.proxy.node;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link behind which the Service range lies. A locally made packet needs a route before the nat hook sees it; this
 * one leads it nowhere unless a rule turns it to an endpoint. It also carries the address of the node's DNS. A dummy
 * link, or a bridge without ports where the kernel has no dummy driver: both swallow what they get. Confined to the
 * thread that synchronizes.
 */
public final class ServiceLink {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceLink.class);
    private static final String ROUTE_METRIC = "4096";

    private final Programs programs;
    private final String name;

    public ServiceLink(Programs programs, String name) {
        this.programs = programs;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /**
     * Makes link, addresses and routes as they should be; doing it again changes nothing.
     *
     * @param addresses to be the node's own, such as its DNS'
     * @param ranges to lead here unless a more specific route exists
     * @param source the node's address, put into locally made packets; empty to leave it to the kernel
     */
    public void ensure(List<String> addresses, List<String> ranges, String source) {
        if (!programs.run("ip", "link", "show", "dev", name).succeeded()) {
            create();
        }
        must("ip", "link", "set", "dev", name, "arp", "off", "up");
        for (String address : addresses) {
            must("ip", "addr", "replace", address + "/32", "dev", name, "noprefixroute");
        }
        for (String range : ranges) {
            var command = new ArrayList<>(List.of("ip", "route", "replace", range, "dev", name, "scope", "link"));
            if (!source.isEmpty()) {
                command.addAll(List.of("src", source));
            }
            command.addAll(List.of("metric", ROUTE_METRIC));
            Programs.Result result = programs.run(command.toArray(String[]::new));
            if (!result.succeeded() && !source.isEmpty()) {
                LOG.warn("{} is no address of this machine, the route to {} goes without it", source, range);
                must("ip", "route", "replace", range, "dev", name, "scope", "link", "metric", ROUTE_METRIC);
            } else if (!result.succeeded()) {
                throw new IllegalStateException("'" + String.join(" ", command) + "' failed: " + result.output());
            }
        }
    }

    /** Removes it; its addresses and routes go with it. */
    public void remove() {
        if (programs.run("ip", "link", "show", "dev", name).succeeded()) {
            must("ip", "link", "delete", "dev", name);
        }
    }

    private void create() {
        Programs.Result dummy = programs.run("ip", "link", "add", name, "type", "dummy");
        if (!dummy.succeeded()) {
            LOG.info("no dummy link here ({}), a bridge without ports takes its place", dummy.output());
            must("ip", "link", "add", name, "type", "bridge");
        }
    }

    private void must(String... command) {
        Programs.Result result = programs.run(command);
        if (!result.succeeded()) {
            throw new IllegalStateException("'" + String.join(" ", command) + "' failed: " + result.output());
        }
    }
}
