package io.vertikube.controller.gc;

import io.vertikube.catalog.ResourceType;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.client.Pace;
import io.vertikube.client.TypedClient;
import io.vertikube.client.UnreachableException;
import io.vertikube.client.WatchEvent;
import io.vertikube.client.WatchStream;
import io.vertikube.controller.discovery.ObjectMetadata;
import io.vertikube.object.ApiException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the graph with the objects of one type: lists, then watches, on one virtual thread. Keeps nothing itself. {@link
 * #synced()} and {@link #close()} are safe for any thread.
 */
final class ResourceMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ResourceMonitor.class);
    private static final int PAGE = 500;
    private static final Duration SHORTEST_WATCH = Duration.ofMinutes(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final ResourceType type;
    private final TypedClient<ObjectMetadata> client;
    private final Pace pace;
    private final OwnerGraph graph;
    private final Consumer<Set<String>> look;
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean synced;
    private volatile @Nullable WatchStream<ObjectMetadata> open;

    /** @param look told which uids a change asks to look at */
    ResourceMonitor(ApiClient client, ResourceType type, OwnerGraph graph, Consumer<Set<String>> look) {
        this.type = type;
        this.pace = client.pace();
        this.client = client.metadataOf(ObjectMetadata.class, type);
        this.graph = graph;
        this.look = look;
        this.thread = Thread.ofVirtual().name("gc-" + type.plural()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Whether the type has been listed once, or cannot be. */
    boolean synced() {
        return synced;
    }

    /** Stops, and forgets the type's objects if it is no longer served. */
    @Override
    public void close() {
        closed = true;
        WatchStream<ObjectMetadata> stream = open;
        if (stream != null) {
            stream.close();
        }
        thread.interrupt();
    }

    private void run() {
        Duration pause = Duration.ofMillis(100);
        String revision = "";
        while (!closed) {
            try {
                if (revision.isEmpty()) {
                    revision = list();
                    synced = true;
                    pause = Duration.ofMillis(100);
                }
                revision = watch(revision);
            } catch (InterruptedException end) {
                return;
            } catch (ApiException | UnreachableException | UncheckedIOException failure) {
                if (closed) {
                    return;
                }
                boolean gone = failure instanceof ApiException refused && refused.isGone();
                boolean cannot =
                        failure instanceof ApiException refused && (refused.code() == 404 || refused.code() == 405);
                synced = synced || cannot;
                revision = "";
                if (!gone) {
                    LOG.debug("{} listed again in {}: {}", type.plural(), pause, failure.getMessage());
                    pause = sleep(pause);
                }
            }
        }
    }

    private String list() {
        Set<String> before = graph.uidsOf(type.gvr());
        var seen = new HashSet<String>();
        var page = client.list("", ListOptions.all().withLimit(PAGE));
        String revision = page.resourceVersion();
        while (true) {
            for (ObjectMetadata object : page.items()) {
                seen.add(object.getMetadata().getUid());
                look.accept(graph.put(GraphObject.of(type, object)));
            }
            if (page.continueToken() == null) {
                break;
            }
            page = client.list("", ListOptions.all().withLimit(PAGE).withContinue(page.continueToken()));
        }
        before.removeAll(seen);
        before.forEach(uid -> look.accept(graph.remove(uid)));
        return revision;
    }

    /** Follows one watch to its end; the last revision seen. */
    private String watch(String from) throws InterruptedException {
        String revision = from;
        Duration timeout = SHORTEST_WATCH.plus(pace.upTo(SHORTEST_WATCH));
        try (var stream = client.watch("", ListOptions.all().withResourceVersion(from), timeout)) {
            open = stream;
            Optional<WatchEvent<ObjectMetadata>> event = stream.next();
            while (!closed && event.isPresent()) {
                ObjectMetadata object = event.get().object();
                switch (event.get().type()) {
                    case ADDED, MODIFIED -> look.accept(graph.put(GraphObject.of(type, object)));
                    case DELETED ->
                        look.accept(graph.remove(object.getMetadata().getUid()));
                    case BOOKMARK -> {}
                }
                revision = object.getMetadata().getResourceVersion();
                event = stream.next();
            }
            return revision;
        } finally {
            open = null;
        }
    }

    private Duration sleep(Duration pause) {
        try {
            pace.sleep(pause);
        } catch (InterruptedException end) {
            closed = true;
        }
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }
}
