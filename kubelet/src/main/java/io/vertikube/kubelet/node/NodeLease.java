package io.vertikube.kubelet.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.vertikube.client.ApiClient;
import io.vertikube.client.TypedClient;
import io.vertikube.client.UnreachableException;
import io.vertikube.object.ApiException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews this node's Lease in kube-node-lease: the heartbeat that others watch, on a connection of its own. One virtual thread. */
public final class NodeLease implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);
    private static final String NAMESPACE = "kube-node-lease";
    private static final int DURATION_SECONDS = 40;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ApiClient client;
    private final TypedClient<Lease> leases;
    private final String nodeName;
    private final Supplier<Optional<Node>> node;
    private final Duration period;
    private final InstantSource clock;
    private final Thread thread;
    private @Nullable Lease held;

    public NodeLease(
            ApiClient client, String nodeName, Supplier<Optional<Node>> node, Duration period, InstantSource clock) {
        this.client = client.apart(period);
        this.leases = this.client.of(Lease.class);
        this.nodeName = nodeName;
        this.node = node;
        this.period = period;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("node-lease").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
        client.close();
    }

    private void run() {
        try {
            while (true) {
                Duration rest = RETRY;
                try {
                    if (node.get().isPresent()) {
                        held = renew(node.get().get());
                        rest = period;
                    }
                } catch (ApiException | UnreachableException e) {
                    held = null;
                    LOG.warn("lease of node {} not renewed, again soon: {}", nodeName, e.getMessage());
                } catch (RuntimeException e) {
                    held = null;
                    LOG.error("lease of node {} not renewed, again soon", nodeName, e);
                }
                Thread.sleep(rest);
            }
        } catch (InterruptedException e) {
            LOG.debug("renewing the lease ends");
        }
    }

    private Lease renew(Node owner) {
        ZonedDateTime now = clock.instant().truncatedTo(ChronoUnit.MICROS).atZone(ZoneOffset.UTC);
        Lease known = held != null ? held : leases.find(NAMESPACE, nodeName).orElse(null);
        if (known == null) {
            return leases.create(new LeaseBuilder()
                    .withNewMetadata()
                    .withNamespace(NAMESPACE)
                    .withName(nodeName)
                    .withOwnerReferences(new OwnerReferenceBuilder()
                            .withApiVersion("v1")
                            .withKind("Node")
                            .withName(nodeName)
                            .withUid(owner.getMetadata().getUid())
                            .build())
                    .endMetadata()
                    .withNewSpec()
                    .withHolderIdentity(nodeName)
                    .withLeaseDurationSeconds(DURATION_SECONDS)
                    .withRenewTime(now)
                    .endSpec()
                    .build());
        }
        return leases.update(new LeaseBuilder(known)
                .editOrNewSpec()
                .withHolderIdentity(nodeName)
                .withLeaseDurationSeconds(DURATION_SECONDS)
                .withRenewTime(now)
                .endSpec()
                .build());
    }
}
