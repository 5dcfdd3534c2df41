package io.vertikube.e2e.simulation;

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
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Lists a type once and watches it, for ever: broken watches go on at the last revision seen, and only a server that says
 * that this is too old is asked for a list again. Everything is told to the invariant. A virtual thread of its own.
 */
final class WatchFollower<T extends HasMetadata> implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Pace pace;
    private final TypedClient<T> client;
    private final WatchesAreComplete told;
    private final WatchesAreComplete.Follower self;
    private final Thread thread;
    private volatile boolean closed;
    private String revision = "";

    private WatchFollower(ApiClient api, Class<T> type, String name, WatchesAreComplete told) {
        this.pace = api.pace();
        this.client = api.of(type);
        this.told = told;
        this.self = told.follower(name, client.row().plural());
        this.thread = Thread.ofVirtual().name("follower-" + name).unstarted(this::run);
    }

    static <T extends HasMetadata> WatchFollower<T> start(
            ApiClient api, Class<T> type, String name, WatchesAreComplete told) {
        var follower = new WatchFollower<>(api, type, name, told);
        follower.thread.start();
        return follower;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        while (!closed) {
            try {
                if (revision.isEmpty()) {
                    ItemList<T> list = client.list("", ListOptions.all());
                    revision = list.resourceVersion();
                    told.listed(self, Long.parseLong(revision));
                }
                follow();
            } catch (ApiException e) {
                revision = e.isGone() ? "" : revision;
                pause();
            } catch (UnreachableException | UncheckedIOException e) {
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void follow() throws InterruptedException {
        try (WatchStream<T> stream =
                client.watch("", ListOptions.all().withResourceVersion(revision), Duration.ofHours(1))) {
            for (Optional<WatchEvent<T>> next = stream.next(); next.isPresent(); next = stream.next()) {
                T object = next.get().object();
                String namespace = object.getMetadata().getNamespace();
                String name = object.getMetadata().getName();
                revision = object.getMetadata().getResourceVersion();
                told.saw(
                        self,
                        new WatchesAreComplete.Seen(
                                Long.parseLong(revision),
                                next.get().type().name(),
                                new ObjectId(
                                        client.row().plural(),
                                        namespace == null ? "" : namespace,
                                        name == null ? "" : name)));
            }
        }
    }

    private void pause() {
        try {
            pace.sleep(PAUSE);
        } catch (InterruptedException e) {
            closed = true;
        }
    }
}
