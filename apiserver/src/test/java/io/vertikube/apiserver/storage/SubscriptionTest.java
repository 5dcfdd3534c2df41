package io.vertikube.apiserver.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.storage.embedded.EmbeddedStore;
import io.vertikube.object.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubscriptionTest {

    private static final String PODS = "/registry/core/pods/";
    private static final FieldPaths FIELDS =
            type -> type.equals(PODS) ? List.of("spec.nodeName", "status.phase", "spec.hostNetwork=false") : List.of();

    private MeterRegistry metrics;
    private EmbeddedStore store;
    private ObjectStorage storage;

    @BeforeEach
    void open() {
        open(StorageLimits.defaults().withRevisionWait(Duration.ofMillis(300)));
    }

    private void open(StorageLimits limits) {
        if (storage != null) {
            storage.close();
        }
        metrics = new SimpleMeterRegistry();
        store = EmbeddedStore.inMemory();
        storage = new ObjectStorage(store, FIELDS, limits, metrics);
    }

    @AfterEach
    void close() {
        storage.close();
    }

    private static ObjectNode pod(String name, String node) {
        return (ObjectNode) Json.tree("""
                {"spec":{"nodeName":"%s","containers":[{"name":"c"}]},"kind":"Pod","status":{"phase":"Pending"},
                 "metadata":{"name":"%s","namespace":"default","resourceVersion":"77","uid":"u-%s",
                   "labels":{"app":"web","é":"x"}},"apiVersion":"v1"}""".formatted(node, name, name).getBytes(UTF_8));
    }

    private StoredObject createPod(String name) {
        return storage.create(PODS + "default/" + name, pod(name, "n1"));
    }

    @Test
    void aDeleteCarriesTheLastObjectUnderItsOwnRevision() {
        StoredObject a = createPod("a");
        var sink = new CountingSink();
        try (Subscription watch = storage.watch(PODS, a.revision(), sink)) {
            StoredObject last = storage.delete(a.key(), a.revision());
            assertThat(last.revision()).isEqualTo(a.revision() + 1);
            assertThat(last.name()).isEqualTo("a");
            WatchEvent event = nextEvents(watch, 1).getFirst();
            assertThat(event.type()).isEqualTo(WatchEvent.Type.DELETE);
            assertThat(event.object().bytes()).isEqualTo(last.bytes());
            assertThat(event.previous().revision()).isEqualTo(a.revision());
        }
    }

    private static final class CountingSink implements WatchSink {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public void available() {
            calls.incrementAndGet();
        }
    }

    private static List<WatchEvent> nextEvents(Subscription watch, int count) {
        var events = new ArrayList<WatchEvent>();
        await().until(() -> {
            events.addAll(watch.poll(100).events());
            return events.size() >= count;
        });
        return events;
    }

    @Test
    void theSinkIsToldOnceAndOnlyOfWhatItWants() {
        long begin = createPod("a").revision();
        storage.snapshot(Read.latest());
        var sink = new CountingSink();
        try (Subscription watch = storage.watch(
                PODS + "default/", begin, event -> event.object().name().startsWith("wanted"), sink)) {
            assertThat(watch.poll(10).isEmpty()).isTrue();
            createPod("unwanted");
            storage.create(PODS + "other/wanted", pod("wanted", "n1"));
            storage.create("/registry/core/services/default/wanted", pod("wanted", "n1"));
            await().during(Duration.ofMillis(150)).until(() -> sink.calls.get() == 0);
            createPod("wanted1");
            await().until(() -> sink.calls.get() == 1);
            createPod("wanted2");
            long last = createPod("unwanted2").revision();
            storage.snapshot(Read.notOlderThan(last));
            await().during(Duration.ofMillis(150)).until(() -> sink.calls.get() == 1);
            WatchBatch batch = watch.poll(10);
            assertThat(batch.events().stream().map(e -> e.object().name())).containsExactly("wanted1", "wanted2");
            assertThat(batch.revision()).isEqualTo(last);
        }
    }

    @Test
    void aPollHandsOutNoMoreThanAskedForAndSaysHowFarItWent() {
        long begin = storage.revision();
        for (int i = 0; i < 25; i++) {
            createPod("p" + i);
        }
        storage.snapshot(Read.latest());
        try (Subscription watch = storage.watch(PODS, begin, () -> {})) {
            WatchBatch first = watch.poll(10);
            assertThat(first.events()).hasSize(10);
            assertThat(first.revision()).isEqualTo(begin + 10);
            assertThat(watch.poll(100).revision()).isEqualTo(begin + 25);
            assertThat(watch.poll(100).isEmpty()).isTrue();
        }
    }

    @Test
    void aSlowWatcherIsLeftBehindAloneAndToldSo() {
        open(StorageLimits.defaults().withHistory(100, 1 << 20));
        long begin = storage.revision();
        var slowSink = new CountingSink();
        Subscription slow = storage.watch(PODS, begin, slowSink);
        Subscription quick = storage.watch(PODS, begin, () -> {});
        Subscription quiet = storage.watch("/registry/core/services/", begin, () -> {});
        List<WatchEvent> got = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            StoredObject created = createPod("p" + i);
            storage.snapshot(Read.notOlderThan(created.revision()));
            got.addAll(quick.poll(10).events());
        }
        assertThat(got).hasSize(500);
        assertThat(slow.poll(10).ended()).isEqualTo(WatchBatch.End.TOO_OLD);
        assertThat(slow.poll(10).ended()).isEqualTo(WatchBatch.End.TOO_OLD);
        WatchBatch nothing = quiet.poll(10);
        assertThat(nothing.isEmpty()).isTrue();
        assertThat(nothing.revision()).isEqualTo(storage.revision());
    }

    @Test
    void aQuietTypeCanBeWatchedFromLongAgo() {
        open(StorageLimits.defaults().withHistory(100, 1 << 20));
        long begin = storage.revision();
        for (int i = 0; i < 500; i++) {
            createPod("p" + i);
        }
        storage.create("/registry/core/services/default/s", pod("s", "n"));
        storage.snapshot(Read.latest());
        try (Subscription watch = storage.watch("/registry/core/services/", begin, () -> {})) {
            assertThat(watch.poll(10).events()).hasSize(1);
        }
    }

    @Test
    void everyWatcherSeesEveryRevisionOnceAndInOrder() throws Exception {
        int writers = 4;
        int each = 300;
        long begin = storage.revision();
        var done = new CountDownLatch(20);
        List<List<Long>> seen = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            var mine = new ArrayList<Long>();
            seen.add(mine);
            var pump = new Pump(mine, writers * each, done);
            pump.start(storage, begin);
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < writers; w++) {
                String name = "w" + w + "-";
                threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        createPod(name + i);
                    }
                });
            }
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        for (List<Long> mine : seen) {
            assertThat(mine).hasSize(writers * each).isSorted().doesNotHaveDuplicates();
        }
    }

    /** Drains a subscription the way a connection does: when told, until empty, in one thread. */
    private static final class Pump implements WatchSink {
        private final List<Long> seen;
        private final int expected;
        private final CountDownLatch done;
        private final java.util.concurrent.ExecutorService thread =
                Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
        private Subscription watch;

        Pump(List<Long> seen, int expected, CountDownLatch done) {
            this.seen = seen;
            this.expected = expected;
            this.done = done;
        }

        void start(ObjectStorage storage, long from) {
            watch = storage.watch(PODS, from, this);
            thread.execute(this::drain);
        }

        @Override
        public void available() {
            thread.execute(this::drain);
        }

        private void drain() {
            WatchBatch batch = watch.poll(7);
            while (!batch.events().isEmpty()) {
                batch.events().forEach(event -> seen.add(event.revision()));
                batch = watch.poll(7);
            }
            if (seen.size() >= expected) {
                done.countDown();
            }
        }
    }

    @Test
    void closingTellsTheWatchers() {
        var sink = new CountingSink();
        Subscription watch = storage.watch(PODS, storage.revision(), sink);
        watch.poll(1);
        storage.close();
        await().until(() -> sink.calls.get() == 1);
        assertThat(watch.poll(1).ended()).isEqualTo(WatchBatch.End.CLOSED);
    }

    @Test
    void aCacheThatFellBehindCompactionLoadsAnewAndWatchersListAgain() {
        createPod("a");
        storage.snapshot(Read.latest());
        var cache = new WatchCache(store, new HeaderReader(FIELDS), StorageLimits.defaults());
        cache.start();
        Subscription watch =
                cache.subscribe(PODS, cache.revision(), event -> true, () -> {}).orElseThrow();
        cache.compacted(store.currentRevision());
        assertThat(watch.poll(1).ended()).isEqualTo(WatchBatch.End.TOO_OLD);
        createPod("b");
        await().until(() -> cache.published().under(PODS).size() == 2);
        cache.close();
    }
}
