package io.vertikube.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ItemList;
import io.vertikube.client.ListOptions;
import io.vertikube.client.Pace;
import io.vertikube.client.TypedClient;
import io.vertikube.client.UnreachableException;
import io.vertikube.client.WatchEvent;
import io.vertikube.client.WatchStream;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of one type in memory. A virtual thread lists, then watches, and lists again when the server says that
 * its revision is too old; listeners run on that thread. Reads are safe for any thread.
 */
public final class Informer<T extends HasMetadata> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Informer.class);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
    private static final Duration SHORTEST_WATCH = Duration.ofMinutes(5);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

    private final TypedClient<T> client;
    private final Pace pace;
    private final String namespace;
    private final ListOptions scope;
    private final ObjectCache<T> cache = new ObjectCache<>();
    private final List<ChangeListener<T>> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch firstList = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable WatchStream<T> current;
    private String revision = "";

    private Informer(TypedClient<T> client, Pace pace, String namespace, ListOptions scope) {
        this.client = client;
        this.pace = pace;
        this.namespace = namespace;
        this.scope = scope;
        this.thread =
                Thread.ofVirtual().name("informer-" + client.row().plural()).unstarted(this::run);
    }

    /** Makes one that does nothing before {@link #start()}; an empty namespace means all. */
    public static <T extends HasMetadata> Informer<T> create(
            ApiClient client, Class<T> type, String namespace, ListOptions scope) {
        return new Informer<>(client.of(type), client.pace(), namespace, scope);
    }

    /** Makes one over all namespaces and starts it. */
    public static <T extends HasMetadata> Informer<T> start(ApiClient client, Class<T> type, ListOptions scope) {
        Informer<T> informer = create(client, type, "", scope);
        informer.start();
        return informer;
    }

    /** Begins to list and watch. */
    public void start() {
        thread.start();
    }

    /** Adds an index before the start: the values under which {@link #byIndex} finds an object. */
    public void addIndex(String name, Function<T, ? extends Collection<String>> values) {
        cache.addIndex(name, values);
    }

    /** Adds a listener; one that is added after the start is first told of everything there is. */
    public void onChange(ChangeListener<T> listener) {
        synchronized (listeners) {
            listeners.add(listener);
            cache.list().forEach(object -> listener.changed(null, object));
        }
    }

    public Optional<T> get(ObjectKey key) {
        return cache.get(key);
    }

    public List<T> list() {
        return cache.list();
    }

    public List<T> list(String inNamespace) {
        return cache.byIndex(ObjectCache.NAMESPACE, inNamespace);
    }

    public List<T> byIndex(String index, String value) {
        return cache.byIndex(index, value);
    }

    public int size() {
        return cache.size();
    }

    /** Whether the first list has arrived. */
    public boolean synced() {
        return firstList.getCount() == 0;
    }

    /** Waits for the first list. */
    public void awaitSync(Duration patience) throws InterruptedException {
        if (!firstList.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("no list of " + client.row().plural() + " within " + patience);
        }
    }

    @Override
    public void close() {
        closed = true;
        WatchStream<T> open = current;
        if (open != null) {
            open.close();
        }
        thread.interrupt();
    }

    private void run() {
        Duration backoff = FIRST_BACKOFF;
        while (!closed) {
            try {
                if (revision.isEmpty()) {
                    relist();
                }
                backoff = FIRST_BACKOFF;
                watchOnce();
            } catch (ApiException e) {
                if (e.isGone()) {
                    revision = "";
                    continue;
                }
                backoff = pause(backoff, e);
            } catch (UnreachableException | UncheckedIOException e) {
                backoff = pause(backoff, e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void relist() {
        ItemList<T> page = client.list(namespace, scope);
        var seen = new HashSet<ObjectKey>();
        var changes = new ArrayList<T>(page.items());
        for (T object : changes) {
            seen.add(ObjectKey.of(object));
            put(object);
        }
        for (T old : cache.list()) {
            if (!seen.contains(ObjectKey.of(old))) {
                remove(ObjectKey.of(old), old);
            }
        }
        revision = page.resourceVersion();
        firstList.countDown();
    }

    private void watchOnce() throws InterruptedException {
        Duration timeout = SHORTEST_WATCH.plus(pace.upTo(SHORTEST_WATCH));
        try (WatchStream<T> stream = client.watch(namespace, scope.withResourceVersion(revision), timeout)) {
            current = stream;
            Optional<WatchEvent<T>> event = stream.next();
            while (!closed && event.isPresent()) {
                apply(event.get());
                event = stream.next();
            }
        } finally {
            current = null;
        }
    }

    private void apply(WatchEvent<T> event) {
        T object = event.object();
        switch (event.type()) {
            case ADDED, MODIFIED -> put(object);
            case DELETED -> remove(ObjectKey.of(object), object);
            case BOOKMARK -> {}
        }
        revision = object.getMetadata().getResourceVersion();
    }

    private void put(T object) {
        synchronized (listeners) {
            T before = cache.put(object);
            if (before == null || !sameRevision(before, object)) {
                tell(before, object);
            }
        }
    }

    private void remove(ObjectKey key, T last) {
        synchronized (listeners) {
            if (cache.remove(key) != null) {
                tell(last, null);
            }
        }
    }

    private void tell(@Nullable T before, @Nullable T after) {
        for (ChangeListener<T> listener : listeners) {
            try {
                listener.changed(before, after);
            } catch (RuntimeException e) {
                LOG.error("a listener on {} failed", client.row().plural(), e);
            }
        }
    }

    private static boolean sameRevision(HasMetadata a, HasMetadata b) {
        String revision = a.getMetadata().getResourceVersion();
        return revision != null && revision.equals(b.getMetadata().getResourceVersion());
    }

    private Duration pause(Duration backoff, RuntimeException why) {
        if (closed) {
            return backoff;
        }
        if (why instanceof UncheckedIOException) {
            LOG.warn("{}; again in {}", why.getMessage(), backoff, why.getCause());
        } else {
            LOG.debug("watching {} again in {}: {}", client.row().plural(), backoff, why.getMessage());
        }
        try {
            pace.sleep(backoff.plus(pace.upTo(FIRST_BACKOFF)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
        Duration doubled = backoff.multipliedBy(2);
        return doubled.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : doubled;
    }
}
