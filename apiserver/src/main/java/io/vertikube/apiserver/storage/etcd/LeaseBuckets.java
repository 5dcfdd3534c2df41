package io.vertikube.apiserver.storage.etcd;

import io.etcd.jetcd.Lease;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Hands out leases so that many keys share one: a lease taken for a time to live is used again for a while, and made to
 * last that while longer, so that no key dies early. Safe for any thread.
 */
final class LeaseBuckets {

    private static final long LONGEST_BUCKET_SECONDS = 60;
    private static final int SHARE_OF_TIME_TO_LIVE = 20;

    private record Bucket(long lease, long usableUntilNanos) {}

    private final Lease leases;
    private final EtcdCalls calls;
    private final ConcurrentHashMap<Long, Bucket> byTimeToLive = new ConcurrentHashMap<>();

    LeaseBuckets(Lease leases, EtcdCalls calls) {
        this.leases = leases;
        this.calls = calls;
    }

    /** The id of a lease that lasts at least so long; 0 for none. */
    long lease(long seconds) throws EtcdCalls.CallFailed {
        if (seconds == 0) {
            return 0;
        }
        Bucket bucket = byTimeToLive.get(seconds);
        if (bucket != null && bucket.usableUntilNanos() - System.nanoTime() > 0) {
            return bucket.lease();
        }
        long extra = Math.clamp(seconds / SHARE_OF_TIME_TO_LIVE, 1, LONGEST_BUCKET_SECONDS);
        long usableUntil = System.nanoTime() + TimeUnit.SECONDS.toNanos(extra);
        long granted = calls.answer(() -> leases.grant(seconds + extra)).getID();
        byTimeToLive.put(seconds, new Bucket(granted, usableUntil));
        return granted;
    }

    /** Etcd no longer knows the lease: the next one is new. */
    void forget(long seconds) {
        byTimeToLive.remove(seconds);
    }
}
