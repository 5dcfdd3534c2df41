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
 * the Lease unchanged, never the times in it. A request for it that gets no answer is given up before anybody else may
 * lead. Confined to the thread that runs it; {@link #close()} may come from any.
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

    /** What came of asking for the Lease. */
    private enum Try {
        HELD,
        ANOTHERS,
        FAILED
    }

    private final ApiClient client;
    private final TypedClient<Lease> leases;
    private final String namespace;
    private final String name;
    private final String identity;
    private final Timings timings;
    private final Time clock;
    private volatile boolean closed;
    private volatile boolean leading;
    private final @Nullable EventRecorder events;
    private volatile @Nullable Lease held;
    private @Nullable String seenRevision;
    private long seenAtNanos;

    /** Stands for election, and tells nobody. */
    public LeaderElector(
            ApiClient client, String namespace, String name, String identity, Timings timings, Time clock) {
        this(client, new Leadership(true, namespace, name, identity, timings), clock, null);
    }

    /** @param events tells, about the Lease, who began and who ended to lead; null for nobody */
    public LeaderElector(ApiClient client, Leadership leadership, Time clock, @Nullable EventRecorder events) {
        Timings timings = leadership.timings();
        this.client = client.apart(timings.renewDeadline.dividedBy(3));
        this.leases = this.client.of(Lease.class);
        this.namespace = leadership.namespace();
        this.name = leadership.name();
        this.identity = leadership.identity();
        this.timings = timings;
        this.clock = clock;
        this.events = events;
    }

    public boolean leading() {
        return leading;
    }

    /**
     * Waits to be the leader, calls {@code onStarted} once, and keeps the Lease until it is lost or closed; then calls
     * {@code onLost} and returns. A service that lost the lead ends and starts afresh.
     */
    public void run(Runnable onStarted, Runnable onLost) throws InterruptedException {
        try {
            stand(onStarted, onLost);
        } finally {
            if (!closed) {
                client.close();
            }
        }
    }

    private void stand(Runnable onStarted, Runnable onLost) throws InterruptedException {
        long asked = clock.nanos();
        while (!closed && tryOnce() != Try.HELD) {
            clock.sleep(timings.retryPeriod.plus(clock.upTo(timings.retryPeriod.dividedBy(5))));
            asked = clock.nanos();
        }
        if (closed) {
            return;
        }
        LOG.info("{} leads {}/{}", identity, namespace, name);
        leading = true;
        tell("became leader");
        onStarted.run();
        try {
            keep(asked);
        } finally {
            leading = false;
            tell("stopped leading");
            onLost.run();
        }
    }

    /** Stops; a held Lease is released so that the next need not wait for its end. Whoever led must have ended before. */
    @Override
    public void close() {
        closed = true;
        if (leading) {
            release();
        }
        client.close();
    }

    /** Counted from before the request that renewed: from then on, at the latest, others count too. */
    private void keep(long asked) throws InterruptedException {
        long renewedAt = asked;
        long most = timings.renewDeadline.toNanos();
        while (!closed) {
            clock.sleep(timings.retryPeriod);
            if (closed) {
                return;
            }
            long now = clock.nanos();
            Try outcome = now - renewedAt >= most ? Try.FAILED : tryOnce();
            if (outcome == Try.HELD) {
                renewedAt = now;
            } else if (outcome == Try.ANOTHERS || clock.nanos() - renewedAt >= most) {
                LOG.error("{} lost the lead of {}/{}", identity, namespace, name);
                return;
            }
        }
    }

    private Try tryOnce() {
        try {
            Optional<Lease> found = leases.find(namespace, name);
            if (found.isEmpty()) {
                held = leases.create(fresh());
                return Try.HELD;
            }
            return takeOrRenew(found.get());
        } catch (ApiException | UnreachableException e) {
            LOG.debug("lease {}/{}: {}", namespace, name, e.getMessage());
            return Try.FAILED;
        }
    }

    private Try takeOrRenew(Lease lease) {
        LeaseSpec spec = lease.getSpec() == null ? new LeaseSpec() : lease.getSpec();
        String holder = spec.getHolderIdentity();
        boolean ours = identity.equals(holder);
        boolean free = holder == null || holder.isEmpty();
        String revision = lease.getMetadata().getResourceVersion();
        if (!revision.equals(seenRevision)) {
            seenRevision = revision;
            seenAtNanos = clock.nanos();
        }
        Integer seconds = spec.getLeaseDurationSeconds();
        Duration lasts = seconds == null ? timings.lease : Duration.ofSeconds(seconds);
        if (!ours && !free && clock.nanos() - seenAtNanos < lasts.toNanos()) {
            return Try.ANOTHERS;
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
        held = leases.update(lease);
        return Try.HELD;
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

    private void tell(String what) {
        Lease about = held;
        if (events != null && about != null) {
            events.normal(about, "LeaderElection", identity + " " + what);
        }
    }

    private ZonedDateTime now() {
        return clock.instant().atZone(ZoneOffset.UTC);
    }
}
