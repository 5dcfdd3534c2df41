package io.vertikube.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertikube.client.Pace;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * All objects of the server: writes go through to the store and block until durable (call them from virtual threads);
 * reads and watches are served from memory. Safe for any thread.
 *
 * <p>Writes throw {@link KeyExists} and {@link RevisionMismatch}; everything else that goes wrong is an {@link
 * ApiException} ready to be answered.
 */
public final class ObjectStorage implements AutoCloseable {

    private final Store store;
    private final HeaderReader headers;
    private final StorageLimits limits;
    private final WatchCache cache;
    private final LatestRevision latest;
    private final Pace pace;
    private final Compactor compactor;
    private final StoreTimers timers;

    /** Loads the whole store into memory and follows it from there; blocks until that is done. Closes the store. */
    public ObjectStorage(Store store, FieldPaths selectable, StorageLimits limits, MeterRegistry metrics) {
        this(store, selectable, limits, metrics, Pace.ofMachine());
    }

    /** The same at another pace than the machine's. */
    public ObjectStorage(Store store, FieldPaths selectable, StorageLimits limits, MeterRegistry metrics, Pace pace) {
        this.store = store;
        this.headers = new HeaderReader(selectable);
        this.limits = limits;
        this.pace = pace;
        this.cache = new WatchCache(store, headers, limits);
        this.latest = new LatestRevision(store);
        this.timers = new StoreTimers(metrics);
        cache.start();
        this.compactor = new Compactor(store, limits.compactionInterval(), pace);
        Gauge.builder("apiserver.watch.cache.revision", cache, WatchCache::revision)
                .description("Revision the watch cache stands at")
                .register(metrics);
        Gauge.builder(
                        "apiserver.watch.cache.objects",
                        cache,
                        c -> c.published().objects().size())
                .description("Objects of all types")
                .register(metrics);
        Gauge.builder("apiserver.watch.cache.history.events", cache, WatchCache::historyEvents)
                .description("Events kept for watchers that lag behind")
                .register(metrics);
        Gauge.builder("apiserver.watch.cache.history.bytes", cache, WatchCache::historyBytes)
                .description("Overwritten objects kept for watchers that lag behind")
                .baseUnit("bytes")
                .register(metrics);
        Gauge.builder("apiserver.watchers", cache, WatchCache::watchers)
                .description("Subscriptions open")
                .register(metrics);
    }

    /** At which whoever works on what is stored here waits. */
    public Pace pace() {
        return pace;
    }

    /** The revision the cache stands at. */
    public long revision() {
        return cache.revision();
    }

    /** Why reads and watches no longer follow the store; empty while they do. A readiness check. */
    public Optional<String> trouble() {
        return cache.trouble();
    }

    /** A snapshot as fresh as asked for; waits for that, so not on an event loop. */
    public Snapshot snapshot(Read how) {
        try {
            return read(how).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ApiException refused ? refused : e;
        }
    }

    /**
     * The same without blocking. It completes at once where nothing is to be waited for, else on a thread of the
     * storage: hop to your own before doing more than a little. Fails with an {@link ApiException}: 410 if the exact
     * revision is gone, 504 if the revision is not reached in time.
     */
    public CompletableFuture<Snapshot> read(Read how) {
        return switch (how) {
            case Read.Any any -> CompletableFuture.completedFuture(cache.published());
            case Read.Latest newest ->
                latest.ask()
                        .thenCompose(this::reached)
                        .exceptionallyCompose(e -> CompletableFuture.failedFuture(refusal(e)));
            case Read.NotOlderThan(long revision) -> reached(revision);
            case Read.Exactly(long revision) ->
                reached(revision)
                        .thenCompose(now -> cache.exactly(revision)
                                .map(CompletableFuture::completedFuture)
                                .orElseGet(() -> CompletableFuture.failedFuture(
                                        ApiErrors.expired("The resourceVersion for the provided list is too old."))));
        };
    }

    private CompletableFuture<Snapshot> reached(long revision) {
        Snapshot now = cache.published();
        if (now.revision() >= revision) {
            return CompletableFuture.completedFuture(now);
        }
        CompletableFuture<Void> reached = cache.waiters().await(revision);
        if (cache.revision() >= revision) {
            reached.complete(null);
        }
        return reached.orTimeout(limits.revisionWait().toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(done -> cache.published())
                .exceptionallyCompose(e -> tooNew(e, revision));
    }

    private CompletionStage<Snapshot> tooNew(Throwable e, long revision) {
        if (!(cause(e) instanceof TimeoutException)) {
            return CompletableFuture.failedFuture(e);
        }
        var details = new StatusDetails();
        details.setRetryAfterSeconds(1);
        details.setCauses(List.of(new StatusCause(null, "Too large resource version", "ResourceVersionTooLarge")));
        String message = "Timeout: Too large resource version: " + revision + ", current: " + cache.revision();
        return CompletableFuture.failedFuture(ApiErrors.of(504, "Timeout", message, details));
    }

    private static Throwable refusal(Throwable e) {
        Throwable cause = cause(e);
        return cause instanceof StoreUnavailable
                ? ApiErrors.serviceUnavailable(String.valueOf(cause.getMessage()))
                : cause;
    }

    private static Throwable cause(Throwable e) {
        return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    }

    /** Writes a new object; its time to live is the one that the limits name for its type. */
    public StoredObject create(String key, ObjectNode object) throws KeyExists {
        return create(key, object, timeToLive(key));
    }

    /** Writes a new object that lives at least so long; zero is for ever. */
    public StoredObject create(String key, ObjectNode object, Duration timeToLive) throws KeyExists {
        byte[] json = bytes(key, object);
        long revision = timers.create(() -> store.create(key, json, timeToLive.toSeconds()));
        return written(new StoreEntry(key, json, revision));
    }

    /** Replaces an object that stands at that revision; its time to live, if its type has one, begins again. */
    public StoredObject update(String key, long expectedRevision, ObjectNode object) throws RevisionMismatch {
        byte[] json = bytes(key, object);
        long lease = timeToLive(key).toSeconds();
        long revision = timers.update(() -> store.update(key, json, expectedRevision, lease));
        return written(new StoreEntry(key, json, revision));
    }

    /** The cache may have heard of the write before its writer did; then its header has been read already. */
    private StoredObject written(StoreEntry entry) {
        return cache.published()
                .get(entry.key())
                .filter(seen -> seen.revision() == entry.revision())
                .orElseGet(() -> objectOf(entry));
    }

    /** Removes an object that stands at that revision, and returns its last form under the revision of the delete. */
    public StoredObject delete(String key, long expectedRevision) throws RevisionMismatch {
        return objectOf(timers.delete(() -> store.delete(key, expectedRevision)));
    }

    /** The object an entry of the store is, for instance {@link RevisionMismatch#current()}. */
    public StoredObject objectOf(StoreEntry entry) {
        return headers.read(entry.key(), entry.revision(), entry.value())
                .orElseThrow(() -> ApiErrors.internal(entry + " holds no object"));
    }

    /**
     * Another form of a stored object, such as that of another version: same key, same revision.
     *
     * @param fields dotted paths that one may select the form by
     */
    public StoredObject form(StoredObject of, ObjectNode tree, List<String> fields) {
        return headers.read(of.key(), of.revision(), ObjectWriter.bytes(tree), FieldTree.of(fields))
                .orElseThrow(() -> ApiErrors.internal(of + " has lost its metadata"));
    }

    /** What became of a stored object, in few bytes; its revision is the one that the tree tells. */
    public StoredObject compact(StoredObject of, ObjectNode tree) {
        String told = tree.path("metadata").path("resourceVersion").asText("");
        long revision = told.isEmpty() ? of.revision() : Long.parseLong(told);
        return objectOf(new StoreEntry(of.key(), ObjectWriter.bytes(tree), revision));
    }

    private Duration timeToLive(String key) {
        return limits.timeToLive().getOrDefault(Keys.typeOf(key), Duration.ZERO);
    }

    private byte[] bytes(String key, ObjectNode object) {
        byte[] json = ObjectWriter.bytes(object);
        if (json.length > limits.objectBytes()) {
            throw ApiErrors.tooLarge(key.substring(Keys.ROOT.length()) + " would take " + json.length
                    + " bytes; one object may take " + limits.objectBytes() + ": split it or leave something out");
        }
        return json;
    }

    /**
     * Watches everything under a prefix, from right after a revision; the sink is not called before the first poll has
     * come back empty. A revision that is too old is an {@link ApiException} with code 410.
     */
    public Subscription watch(String prefix, long fromRevision, WatchSink sink) {
        return watch(prefix, fromRevision, event -> true, sink);
    }

    /** The same for events that pass a cheap test on headers; the others neither wake the sink nor are handed out. */
    public Subscription watch(String prefix, long fromRevision, Predicate<WatchEvent> interest, WatchSink sink) {
        return cache.subscribe(prefix, fromRevision, interest, sink)
                .orElseThrow(() -> ApiErrors.expired("too old resource version: " + fromRevision
                        + " (the history of watches no longer reaches back to it)"));
    }

    /** The selectable fields of a type have changed: reads the headers of its objects again. */
    public void refreshFields(String storagePrefix) {
        cache.refreshHeaders(storagePrefix);
    }

    @Override
    public void close() {
        compactor.close();
        cache.close();
        store.close();
    }
}
