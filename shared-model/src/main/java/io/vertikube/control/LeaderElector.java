package io.vertikube.control;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.vertikube.client.ApiClient;
import io.vertikube.client.TypedClient;
import io.vertikube.client.UnreachableException;
import io.vertikube.object.ApiException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a Lease so that of several alike only one acts. A candidate trusts its own clock only for how long it has seen
 * the Lease unchanged, never the times in it. Confined to the thread that runs it; {@link #close()} may come from any.
 */
public final class LeaderElector implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LeaderElector.class);

    /** How long a Lease lasts, when its holder gives up renewing it, and how often it tries. */
    public record Timings(Duration lease, Duration renewDeadline, Duration retryPeriod) {

        /** 15 s, 10 s and 2 s, as Kubernetes has them. */
        public static Timings defaults() {
            return new Timings(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
        }
    }

    private final TypedClient<Lease> leases;
    private final String namespace;
    private final String name;
    private final String identity;
    private final Timings timings;
    private final Time clock;
    private volatile boolean closed;
    private volatile boolean leading;
    private @Nullable String seenRevision;
    private long seenAtMillis;

    public LeaderElector(
            ApiClient client, String namespace, String name, String identity, Timings timings, Time clock) {
        this.leases = client.of(Lease.class);
        this.namespace = namespace;
        this.name = name;
        this.identity = identity;
        this.timings = timings;
        this.clock = clock;
    }

    public boolean leading() {
        return leading;
    }

    /**
     * Waits to be the leader, calls {@code onStarted} once, and keeps the Lease until it is lost or closed; then calls
     * {@code onLost} and returns. A service that lost the lead ends and starts afresh.
     */
    public void run(Runnable onStarted, Runnable onLost) throws InterruptedException {
        while (!closed && !tryOnce()) {
            clock.sleep(jittered(timings.retryPeriod));
        }
        if (closed) {
            return;
        }
        LOG.info("{} leads {}/{}", identity, namespace, name);
        leading = true;
        onStarted.run();
        try {
            keep();
        } finally {
            leading = false;
            onLost.run();
        }
    }

    /** Stops; a held Lease is released so that the next need not wait for its end. */
    @Override
    public void close() {
        closed = true;
        if (leading) {
            release();
        }
    }

    private void keep() throws InterruptedException {
        long renewedAt = clock.millis();
        while (!closed) {
            clock.sleep(timings.retryPeriod);
            if (closed) {
                return;
            }
            if (tryOnce()) {
                renewedAt = clock.millis();
            } else if (clock.millis() - renewedAt > timings.renewDeadline.toMillis()) {
                LOG.error("{} lost the lead of {}/{}", identity, namespace, name);
                return;
            }
        }
    }

    private boolean tryOnce() {
        try {
            Optional<Lease> found = leases.find(namespace, name);
            if (found.isEmpty()) {
                leases.create(fresh());
                return true;
            }
            return takeOrRenew(found.get());
        } catch (ApiException e) {
            LOG.debug("lease {}/{}: {}", namespace, name, e.getMessage());
            return false;
        } catch (UnreachableException e) {
            LOG.debug("lease {}/{}: {}", namespace, name, e.getMessage());
            return false;
        }
    }

    private boolean takeOrRenew(Lease lease) {
        LeaseSpec spec = lease.getSpec() == null ? new LeaseSpec() : lease.getSpec();
        String holder = spec.getHolderIdentity();
        boolean ours = identity.equals(holder);
        boolean free = holder == null || holder.isEmpty();
        String revision = lease.getMetadata().getResourceVersion();
        if (!revision.equals(seenRevision)) {
            seenRevision = revision;
            seenAtMillis = clock.millis();
        }
        Integer seconds = spec.getLeaseDurationSeconds();
        long lasts = seconds == null ? timings.lease.toMillis() : seconds * 1000L;
        if (!ours && !free && clock.millis() - seenAtMillis < lasts) {
            return false;
        }
        ZonedDateTime now = now();
        if (!ours) {
            spec.setHolderIdentity(identity);
            spec.setAcquireTime(now);
            int transitions = spec.getLeaseTransitions() == null ? 0 : spec.getLeaseTransitions();
            spec.setLeaseTransitions(transitions + 1);
        }
        spec.setRenewTime(now);
        spec.setLeaseDurationSeconds((int) timings.lease.toSeconds());
        lease.setSpec(spec);
        leases.update(lease);
        return true;
    }

    private Lease fresh() {
        var spec = new LeaseSpec();
        spec.setHolderIdentity(identity);
        spec.setLeaseDurationSeconds((int) timings.lease.toSeconds());
        spec.setAcquireTime(now());
        spec.setRenewTime(now());
        spec.setLeaseTransitions(0);
        return new LeaseBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withNamespace(namespace)
                        .withName(name)
                        .build())
                .withSpec(spec)
                .build();
    }

    private void release() {
        try {
            Lease lease = leases.get(namespace, name);
            if (identity.equals(lease.getSpec().getHolderIdentity())) {
                lease.getSpec().setHolderIdentity("");
                lease.getSpec().setLeaseDurationSeconds(1);
                leases.update(lease);
            }
        } catch (ApiException | UnreachableException e) {
            LOG.debug("lease {}/{} not released: {}", namespace, name, e.getMessage());
        }
    }

    private ZonedDateTime now() {
        return clock.instant().atZone(ZoneOffset.UTC);
    }

    private static Duration jittered(Duration period) {
        return period.plusMillis(
                java.util.concurrent.ThreadLocalRandom.current().nextLong(period.toMillis() / 5 + 1));
    }
}
