package io.vertikube.apiserver.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.storage.embedded.EmbeddedStore;
import io.vertikube.object.Json;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FollowerTest {

    private static final String MAPS = "/registry/core/configmaps/";

    private ObjectStorage storage;

    /** What each look saw, and whether there was news. */
    private final Queue<Set<String>> seen = new ConcurrentLinkedQueue<>();

    private final Queue<Boolean> told = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void open() {
        storage = new ObjectStorage(
                EmbeddedStore.inMemory(),
                type -> List.of(),
                StorageLimits.defaults().withHistory(4, 1 << 20),
                new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        storage.close();
    }

    private void make(String type, String name) {
        storage.create("/registry/core/" + type + "/default/" + name, (ObjectNode)
                Json.tree(("{\"metadata\":{\"name\":\"" + name + "\"}}").getBytes(UTF_8)));
    }

    private Set<String> stored() {
        return Set.copyOf(storage.snapshot(Read.any()).under(MAPS).keySet());
    }

    private @Nullable Duration note(boolean news) {
        told.add(news);
        seen.add(stored());
        return null;
    }

    private static Set<String> maps(String... names) {
        return Set.copyOf(
                List.of(names).stream().map(name -> MAPS + "default/" + name).toList());
    }

    private void awaitLast(Set<String> wanted) {
        await().until(() -> !seen.isEmpty() && List.copyOf(seen).getLast().equals(wanted));
    }

    @Test
    void itLooksAtTheBeginningAndWhenSomethingUnderThePrefixHasChanged() {
        make("configmaps", "a");
        try (var follower = new Follower("test", storage, MAPS, this::note)) {
            follower.start();
            awaitLast(maps("a"));
            make("configmaps", "b");
            awaitLast(maps("a", "b"));
            int looks = seen.size();
            make("secrets", "x");
            follower.wake();
            await().until(() -> seen.size() > looks);
            assertThat(told).doesNotContain(false);
            make("configmaps", "c");
            awaitLast(maps("a", "b", "c"));
        }
    }

    @Test
    void whatHappensDuringALookIsLookedAtAfterIt() {
        var within = new Semaphore(0);
        var goOn = new Semaphore(0);
        try (var follower = new Follower("test", storage, MAPS, news -> {
            note(news);
            within.release();
            goOn.acquireUninterruptibly();
            return null;
        })) {
            follower.start();
            within.acquireUninterruptibly();
            make("configmaps", "a");
            goOn.release(100);
            awaitLast(maps("a"));
        }
    }

    @Test
    void aWatchThatLostItsPlaceBeginsANewOne() {
        var within = new Semaphore(0);
        var goOn = new Semaphore(0);
        try (var follower = new Follower("test", storage, MAPS, news -> {
            note(news);
            within.release();
            goOn.acquireUninterruptibly();
            return null;
        })) {
            follower.start();
            within.acquireUninterruptibly();
            for (int i = 0; i < 20; i++) {
                make("configmaps", "m" + i);
            }
            goOn.release(100);
            await().until(() -> !seen.isEmpty() && List.copyOf(seen).getLast().size() == 20);
            make("configmaps", "last");
            await().until(() -> List.copyOf(seen).getLast().size() == 21);
        }
    }

    @Test
    void itLooksAgainWhenItsTimeIsUpAndSaysThatThereIsNoNews() {
        try (var follower = new Follower("test", storage, MAPS, news -> {
            note(news);
            return Duration.ofMillis(1);
        })) {
            follower.start();
            await().until(() -> told.size() > 3);
            assertThat(List.copyOf(told).getFirst()).isTrue();
            assertThat(told).contains(false);
        }
    }

    @Test
    void aLookThatFailsIsRepeatedAndTheEndIsTold() {
        var looks = new AtomicInteger();
        var ended = new AtomicBoolean();
        var work = new Follower.Work() {
            @Override
            public @Nullable Duration look(boolean news) {
                if (looks.incrementAndGet() == 1) {
                    throw new IllegalStateException("meant to fail");
                }
                return null;
            }

            @Override
            public void ended() {
                ended.set(true);
            }
        };
        var follower = new Follower("test", storage, MAPS, work);
        follower.start();
        await().until(() -> looks.get() == 2);
        assertThat(follower.isRunning()).isTrue();
        assertThat(ended).isFalse();
        follower.close();
        assertThat(follower.isRunning()).isFalse();
        assertThat(ended).isTrue();
    }
}
