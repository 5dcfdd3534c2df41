package io.vertikube.kubelet.node;

import io.fabric8.kubernetes.api.model.Node;
import io.vertikube.control.WokenRounds;
import io.vertikube.kubelet.KubeletOptions;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pod network of this machine: the CNI configuration once the node has a range, routes to other nodes' pods, and a
 * sink for addresses of the cluster that nobody has, so that they never leave the machine. What it sets stays when the
 * kubelet ends: pods run on. One virtual thread.
 */
public final class PodNetwork implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PodNetwork.class);
    private static final String SINK = "vk-sink";
    private static final Duration REPEAT = Duration.ofSeconds(30);

    private final KubeletOptions options;
    private final CniConfig config;
    private final Supplier<? extends Collection<Node>> nodes;
    private final Runnable configured;
    private final WokenRounds rounds;
    private final Map<String, String> set = new HashMap<>();
    private volatile String podCidr = "";
    private boolean sunk;

    /** {@code configured} is called when the runtime has been given a new configuration. */
    public PodNetwork(KubeletOptions options, Supplier<? extends Collection<Node>> nodes, Runnable configured) {
        this.options = options;
        this.config = new CniConfig(options.cniConfDir(), options.rootDir().resolve("cni-addresses"));
        this.nodes = nodes;
        this.configured = configured;
        this.rounds = new WokenRounds("pod-network", this::round, REPEAT, "pod network not complete, again soon");
    }

    public void start() {
        rounds.start();
    }

    /** The range this node's pods have their addresses from, once it is known. */
    public void podCidr(String cidr) {
        if (!cidr.equals(podCidr)) {
            podCidr = cidr;
            wake();
        }
    }

    /** A node changed. */
    public void wake() {
        rounds.wake();
    }

    @Override
    public void close() {
        rounds.close();
    }

    private Duration round() throws IOException {
        if (!podCidr.isEmpty() && config.write(podCidr)) {
            LOG.info("pods of this node have addresses of {}", podCidr);
            configured.run();
        }
        sink();
        routes();
        return REPEAT;
    }

    private void sink() throws IOException {
        if (options.clusterCidr().isEmpty() || sunk) {
            return;
        }
        if (NetworkInterface.getByName(SINK) == null) {
            try {
                IpCommand.run("link", "add", SINK, "type", "dummy");
            } catch (IOException e) {
                // A kernel without dummy links: a bridge without ports swallows as well.
                LOG.debug("no dummy link ({}): a bridge without ports takes its place", e.getMessage());
                IpCommand.run("link", "add", SINK, "type", "bridge");
            }
        }
        IpCommand.run("link", "set", SINK, "up");
        IpCommand.run("route", "replace", options.clusterCidr().get(), "dev", SINK);
        sunk = true;
    }

    private void routes() throws IOException {
        Map<String, String> wanted = RoutePlan.of(nodes.get(), options.hostname(), PodNetwork::links);
        for (Map.Entry<String, String> route : wanted.entrySet()) {
            if (!route.getValue().equals(set.get(route.getKey()))) {
                IpCommand.run("route", "replace", route.getKey(), "via", route.getValue());
                set.put(route.getKey(), route.getValue());
                LOG.info("pods of {} are behind {}", route.getKey(), route.getValue());
            }
        }
        for (String gone : List.copyOf(set.keySet()).stream()
                .filter(cidr -> !wanted.containsKey(cidr))
                .toList()) {
            IpCommand.run("route", "del", gone, "via", String.valueOf(set.get(gone)));
            set.remove(gone);
        }
    }

    private static List<Cidr> links() throws SocketException {
        List<Cidr> result = new ArrayList<>();
        for (NetworkInterface link : NetworkInterface.networkInterfaces().toList()) {
            for (InterfaceAddress address : link.getInterfaceAddresses()) {
                String text = address.getAddress().getHostAddress().replaceFirst("%.*$", "");
                if (!link.isLoopback() && !link.getName().equals(CniConfig.BRIDGE)) {
                    result.add(Cidr.parse(text + "/" + address.getNetworkPrefixLength()));
                }
            }
        }
        return result;
    }
}
