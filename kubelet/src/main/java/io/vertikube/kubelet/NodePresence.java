package io.vertikube.kubelet;

import io.fabric8.kubernetes.api.model.Node;
import io.vertikube.kubelet.manifests.Mirrors;
import io.vertikube.kubelet.manifests.StaticPods;
import io.vertikube.kubelet.node.NodeAgent;
import io.vertikube.kubelet.node.NodeLease;
import io.vertikube.kubelet.node.PodNetwork;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.kubelet.server.KubeletServer;
import io.vertikube.kubelet.stats.UsageSource;
import io.vertikube.kubelet.stats.VolumeSource;
import io.vertikube.service.HealthChecks;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What others see of this node: its HTTPS server, Node, lease and network, and what it runs of its own manifests.
 * Immutable.
 */
final class NodePresence {

    private static final Duration RUNTIME_SILENCE = Duration.ofMinutes(3);

    private final Ground ground;
    private final KubeletServer server;
    private final NodeAgent agent;
    private final PodNetwork network;
    private final NodeLease lease;
    private final Mirrors mirrors;
    private final StaticPods statics;

    NodePresence(Ground ground, ApiViews views, PodParts parts, MachineCare care) throws IOException {
        KubeletOptions options = ground.options();
        this.ground = ground;
        HealthChecks health = health(parts);
        this.server = ground.own(KubeletServer.start(
                ground.vertx(),
                options,
                ground.client(),
                ground.runtime(),
                parts.pods(),
                usage(ground, parts),
                health,
                ground.meters(),
                ground.clock()));
        this.network = ground.own(new PodNetwork(options, views.nodes()::list, ground.switchboard()::wakeNode));
        this.agent = ground.own(new NodeAgent(
                options,
                ground.client(),
                ground.runtime(),
                ground.machine(),
                ground.addresses(),
                server::port,
                this::adopt,
                care.evictions()::conditions,
                options.isSimulated() ? List::of : parts.csiMounts()::inUse,
                parts.devices()::amounts,
                ground.clock()));
        ground.switchboard().connect(agent);
        health.addReady("node", () -> agent.ready() ? Optional.empty() : Optional.of("the node is not ready"));
        this.mirrors = ground.own(new Mirrors(
                ground.client(),
                parts.pods(),
                views.pods(),
                agent::node,
                parts.tools().status()));
        parts.pods().onStatics(mirrors::wake);
        this.statics = ground.own(new StaticPods(
                ground.vertx(),
                options.policies().manifests(),
                options.hostname(),
                ground.clock(),
                parts.pods()::statics));
        this.lease = ground.own(new NodeLease(
                ground.client(), options.hostname(), agent::node, options.leaseRenewal(), ground.clock()));
        views.nodes().onChange(this::changed);
    }

    /** Reads the manifests, before the API tells of pods: nothing wanted may count as left over. */
    void start() {
        agent.start();
        statics.start();
        mirrors.start();
        lease.start();
        if (ground.options().manageCni() && !ground.options().isSimulated()) {
            network.start();
        }
    }

    KubeletServer server() {
        return server;
    }

    NodeAgent agent() {
        return agent;
    }

    private static UsageSource usage(Ground ground, PodParts parts) {
        KubeletOptions options = ground.options();
        Duration fresh = options.policies().volumeStats();
        return new UsageSource(
                options.hostname(),
                options.rootDir(),
                options.podLogsDir(),
                ground.runtime(),
                parts.pods()::all,
                ground.machine(),
                parts.tools().cgroups(),
                options.isSimulated() || fresh.isNegative()
                        ? Optional.empty()
                        : Optional.of(
                                new VolumeSource(parts.tools().volumes(), parts.csiMounts(), fresh, ground.clock())),
                ground.clock());
    }

    private HealthChecks health(PodParts parts) {
        var health = new HealthChecks();
        health.addLive("syncloop", () -> {
            Instant last = parts.relist().lastSuccess();
            return last.isAfter(ground.clock().instant().minus(RUNTIME_SILENCE)) || last.equals(Instant.MIN)
                    ? Optional.empty()
                    : Optional.of("the runtime has not answered for " + RUNTIME_SILENCE);
        });
        return health;
    }

    private void changed(@Nullable Node old, @Nullable Node fresh) {
        if (fresh != null
                && fresh.getMetadata().getName().equals(ground.options().hostname())) {
            adopt(fresh);
        }
        network.wake();
    }

    /** Takes the range of addresses that the node was given. */
    private void adopt(Node seen) {
        String cidr = seen.getSpec() == null ? null : seen.getSpec().getPodCIDR();
        if (cidr == null || cidr.isEmpty()) {
            return;
        }
        network.podCidr(cidr);
        if (ground.runtime() instanceof SimulatedRuntime simulated) {
            simulated.addresses(Cidr.parse(cidr));
        }
    }
}
