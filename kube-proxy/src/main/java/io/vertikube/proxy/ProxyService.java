package io.vertikube.proxy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertikube.client.ApiClient;
import io.vertikube.proxy.dns.ClusterZone;
import io.vertikube.proxy.dns.NodeDns;
import io.vertikube.proxy.nftables.NftTable;
import io.vertikube.proxy.node.BridgeFilter;
import io.vertikube.proxy.node.Programs;
import io.vertikube.proxy.node.ServiceLink;
import io.vertikube.proxy.rules.NodePod;
import io.vertikube.service.HealthChecks;
import io.vertikube.service.RunningService;
import io.vertikube.service.ServiceEndpoint;
import io.vertikube.value.Cidr;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * kube-proxy on one machine: the composition root. The rules stay in the kernel when it stops, so that a restart is not
 * felt; {@link #cleanUp} removes them. Safe for any thread.
 */
public final class ProxyService implements RunningService {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyService.class);
    private static final Duration ZONE_LEAST = Duration.ofMillis(5);

    private final ApiClient api;
    private final ProxyInformers informers;
    private final HealthChecks health = new HealthChecks();
    private final List<ServiceEndpoint> endpoints = new ArrayList<>();
    private final SyncLoop rules;
    private final SyncLoop names;
    private final @Nullable HostPort dnsAddress;
    private volatile @Nullable NodeDns dns;
    private volatile Optional<String> dnsProblem = Optional.of("the node's DNS does not listen yet");

    private ProxyService(
            Vertx vertx, ProxyOptions options, MeterRegistry meters, Programs programs, BridgeFilter bridge) {
        this.api = ApiClient.connect(vertx, options.kubeConfig(), "kube-proxy");
        this.informers = ProxyInformers.create(api, options.nodeName());
        this.dnsAddress = options.dnsAddress();
        var random = new SecureRandom();
        var zone = new ClusterZone(options.clusterDomain(), ranges(options), random);
        var zoneSync = new ZoneSync(informers, zone);
        var ruleSync = new RuleSync(options, informers, programs, bridge, meters);

        this.names = new SyncLoop("names", ZONE_LEAST, options.syncPeriod(), everything -> {
            zoneSync.run();
            keepDns(everything, vertx, options, zone, random, meters, ruleSync);
        });
        this.rules = new SyncLoop("rules", options.minSyncPeriod(), options.syncPeriod(), ruleSync::run);

        informers.services().onChange((before, after) -> {
            zoneSync.noteService(before, after);
            names.changed();
            rules.changed();
        });
        informers.slices().onChange((before, after) -> {
            zoneSync.noteSlice(before, after);
            names.changed();
            rules.changed();
        });
        informers.nodes().onChange((before, after) -> rules.changed());
        informers.ranges().onChange((before, after) -> rules.changed());
        informers.pods().onChange((before, after) -> {
            if (NodePod.touchRules(before, after)) {
                rules.changed();
            }
        });
        health.addReady("nftables", ruleSync::problem);
        health.addReady("dns", () -> dnsAddress == null ? Optional.empty() : dnsProblem);
        health.addReady(
                "informers",
                () -> informers.synced() ? Optional.empty() : Optional.of("the API server has not answered yet"));
    }

    /** Starts, and returns when health is served; {@link #health()} tells when Services are. */
    public static ProxyService start(Vertx vertx, ProxyOptions options, MeterRegistry meters) {
        return start(vertx, options, meters, Programs.here(), BridgeFilter.ofKernel());
    }

    /** Starts with programs that may run elsewhere, as in another network namespace. */
    static ProxyService start(
            Vertx vertx, ProxyOptions options, MeterRegistry meters, Programs programs, BridgeFilter bridge) {
        var service = new ProxyService(vertx, options, meters, programs, bridge);
        try {
            service.serve(vertx, options.healthzBindAddress(), "--healthz-bind-address", null);
            service.serve(
                    vertx,
                    options.metricsBindAddress(),
                    "--metrics-bind-address",
                    meters instanceof PrometheusMeterRegistry scraped ? scraped : null);
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
        service.informers.start();
        service.rules.start();
        service.names.start();
        return service;
    }

    /** Removes what a proxy leaves on a machine. Programs that are missing have left nothing. */
    public static void cleanUp(Programs programs, String linkName, String tableName) {
        try {
            new NftTable(programs, tableName).remove();
        } catch (Programs.ProgramException e) {
            LOG.info("no table to remove: {}", e.getMessage());
        }
        try {
            new ServiceLink(programs, linkName).remove();
        } catch (Programs.ProgramException e) {
            LOG.info("no link to remove: {}", e.getMessage());
        }
    }

    @Override
    public String name() {
        return "kube-proxy";
    }

    /** Ready when the rules are loaded and the DNS listens. */
    public HealthChecks health() {
        return health;
    }

    /** The port on which the DNS listens, 0 while it does not. */
    public int dnsPort() {
        NodeDns now = dns;
        return now == null ? 0 : now.port();
    }

    @Override
    public void close() {
        informers.close();
        rules.close();
        names.close();
        NodeDns now = dns;
        if (now != null) {
            now.close();
        }
        endpoints.forEach(ServiceEndpoint::close);
        api.close();
    }

    private void serve(Vertx vertx, String bindAddress, String flag, @Nullable PrometheusMeterRegistry scraped) {
        if (!bindAddress.isEmpty()) {
            HostPort address = HostPort.parse(flag, bindAddress);
            endpoints.add(ServiceEndpoint.start(vertx, address.host(), address.port(), null, health, scraped));
        }
    }

    /** The DNS starts as soon as the link carries its address, before the API server answers. */
    private void keepDns(
            boolean everything,
            Vertx vertx,
            ProxyOptions options,
            ClusterZone zone,
            SecureRandom random,
            MeterRegistry meters,
            RuleSync ruleSync) {
        NodeDns now = dns;
        HostPort address = dnsAddress;
        if (address == null) {
            return;
        }
        if (now != null) {
            if (everything) {
                now.reloadUpstreams();
            }
            return;
        }
        if (options.dnsBindAddress().isEmpty()) {
            ruleSync.prepareLink();
        }
        try {
            dns = NodeDns.start(vertx, address.host(), address.port(), zone, options.resolvConf(), random, meters);
            dnsProblem = Optional.empty();
        } catch (IllegalStateException e) {
            dnsProblem = Optional.of(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private static List<Cidr> ranges(ProxyOptions options) {
        var ranges = new ArrayList<Cidr>();
        ranges.add(Cidr.parse(options.serviceCidr()));
        if (!options.clusterCidr().isEmpty()) {
            ranges.add(Cidr.parse(options.clusterCidr()));
        }
        return ranges;
    }
}
