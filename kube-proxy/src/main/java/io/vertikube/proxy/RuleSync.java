package io.vertikube.proxy;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertikube.cache.Informer;
import io.vertikube.object.ObjectKey;
import io.vertikube.proxy.nftables.NftTable;
import io.vertikube.proxy.node.BridgeFilter;
import io.vertikube.proxy.node.Conntrack;
import io.vertikube.proxy.node.Programs;
import io.vertikube.proxy.node.ServiceLink;
import io.vertikube.proxy.rules.NodeView;
import io.vertikube.proxy.rules.RulePlan;
import io.vertikube.proxy.rules.RuleScope;
import io.vertikube.proxy.rules.ServiceRanges;
import io.vertikube.proxy.rules.TableState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Brings link and table to what the informers show. Confined to the loop's thread; {@link #problem()} is for any. */
final class RuleSync {

    static final String SERVICE_NAME_LABEL = "kubernetes.io/service-name";

    private static final Duration SYNC_PATIENCE = Duration.ofSeconds(2);

    private final ProxyOptions options;
    private final ProxyInformers informers;
    private final ServiceLink link;
    private final NftTable table;
    private final Conntrack conntrack;
    private final BridgeFilter bridge;
    private final Timer duration;
    private final Counter failures;
    private List<String> ranges;
    private TableState applied = TableState.empty();
    private volatile Optional<String> problem = Optional.of("the rules have not been loaded yet");

    RuleSync(
            ProxyOptions options,
            ProxyInformers informers,
            Programs programs,
            BridgeFilter bridge,
            MeterRegistry meters) {
        this.options = options;
        this.informers = informers;
        this.link = new ServiceLink(programs, options.linkName());
        this.table = new NftTable(programs, options.tableName());
        this.conntrack = new Conntrack(programs);
        this.bridge = bridge;
        this.ranges = List.of(options.serviceCidr());
        this.duration = Timer.builder("kubeproxy.sync.proxy.rules.duration")
                .description("how long it takes to bring the rules to what the API says")
                .register(meters);
        this.failures = Counter.builder("kubeproxy.sync.proxy.rules.failures").register(meters);
    }

    /** Why the node does not serve Services now; empty if it does. */
    Optional<String> problem() {
        return problem;
    }

    /** Before anything is known of the API: the link, so that the DNS has its address. */
    void prepareLink() {
        try {
            ensureLink("");
        } catch (RuntimeException e) {
            problem = Optional.of(sentence(e));
            throw e;
        }
    }

    void run(boolean everything) {
        if (!informers.awaitSync(SYNC_PATIENCE)) {
            throw new IllegalStateException("the API server has not listed Services, EndpointSlices and Pods yet");
        }
        long start = System.nanoTime();
        try {
            sync(everything);
            problem = Optional.empty();
        } catch (RuntimeException e) {
            problem = Optional.of(sentence(e));
            failures.increment();
            throw e;
        } finally {
            duration.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private void sync(boolean everything) {
        Optional<Node> node = informers.nodes().get(ObjectKey.cluster(options.nodeName()));
        List<String> now =
                ServiceRanges.of(options.serviceCidr(), informers.ranges().list());
        boolean moved = !now.equals(ranges);
        ranges = now;
        if (everything || moved) {
            ensureLink(node.map(RuleSync::internalAddress).orElse(""));
        }
        if (everything) {
            table.verify();
        }
        TableState wanted = RulePlan.of(
                scope(),
                view(node),
                informers.services().list(),
                byService(informers.slices()),
                informers.pods().list());
        table.apply(wanted);
        conntrack.forget(Conntrack.stale(applied, wanted));
        applied = wanted;
    }

    private void ensureLink(String source) {
        List<String> addresses = options.clusterDns().isEmpty() ? List.of() : List.of(options.clusterDns());
        var here = new ArrayList<>(ranges);
        if (!options.clusterCidr().isEmpty()) {
            here.add(options.clusterCidr());
        }
        link.ensure(addresses, here, source);
    }

    private RuleScope scope() {
        return new RuleScope(
                options.clusterCidr(),
                ranges,
                options.clusterDns(),
                options.nodePortAddresses(),
                options.externalIps());
    }

    private NodeView view(Optional<Node> node) {
        String podCidr = node.map(n -> n.getSpec() == null ? null : n.getSpec().getPodCIDR())
                .filter(range -> range.indexOf(':') < 0)
                .orElse("");
        return new NodeView(options.nodeName(), node.map(RuleSync::zone).orElse(""), podCidr, bridge.enabled());
    }

    private static String zone(Node node) {
        var labels = node.getMetadata().getLabels();
        return labels == null ? "" : labels.getOrDefault("topology.kubernetes.io/zone", "");
    }

    private static String internalAddress(Node node) {
        if (node.getStatus() == null) {
            return "";
        }
        return node.getStatus().getAddresses().stream()
                .filter(a -> "InternalIP".equals(a.getType()) && a.getAddress().indexOf(':') < 0)
                .map(NodeAddress::getAddress)
                .findFirst()
                .orElse("");
    }

    private static Map<ObjectKey, List<EndpointSlice>> byService(Informer<EndpointSlice> slices) {
        var grouped = new HashMap<ObjectKey, List<EndpointSlice>>();
        for (EndpointSlice slice : slices.list()) {
            ProxyInformers.serviceOf(slice)
                    .ifPresent(key ->
                            grouped.computeIfAbsent(key, k -> new ArrayList<>()).add(slice));
        }
        return grouped;
    }

    private static String sentence(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
