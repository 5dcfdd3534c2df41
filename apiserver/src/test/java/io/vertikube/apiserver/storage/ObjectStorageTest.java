package io.vertikube.apiserver.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.storage.embedded.EmbeddedStore;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObjectStorageTest {

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
    void anObjectIsStoredInCanonicalOrderWithoutItsRevision() {
        StoredObject created = createPod("a");
        assertThat(new String(created.json(), UTF_8))
                .startsWith("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"")
                .doesNotContain("resourceVersion");
        assertThat(new String(created.bytes(), UTF_8))
                .startsWith("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"resourceVersion\":\""
                        + created.revision() + "\",\"name\":\"a\"");
        assertThat(created.tree().at("/metadata/resourceVersion").asText()).isEqualTo("" + created.revision());
        var buffer = io.vertx.core.buffer.Buffer.buffer();
        created.writeTo(buffer);
        assertThat(buffer.getBytes()).isEqualTo(created.bytes());
    }

    @Test
    void theHeaderHoldsWhatSelectingNeeds() {
        StoredObject created = createPod("a");
        assertThat(created.name()).isEqualTo("a");
        assertThat(created.namespace()).isEqualTo("default");
        assertThat(created.uid()).isEqualTo("u-a");
        assertThat(created.labels()).isEqualTo(Map.of("app", "web", "é", "x"));
        assertThat(created.fields())
                .isEqualTo(Map.of(
                        "metadata.name", "a",
                        "metadata.namespace", "default",
                        "spec.nodeName", "n1",
                        "status.phase", "Pending",
                        "spec.hostNetwork", "false"));
    }

    @Test
    void anObjectWithoutMetadataCanBeSpliced() {
        var bare = Json.MAPPER.createObjectNode().put("kind", "Claim");
        StoredObject claim = storage.create("/registry/core/claims/x", bare);
        assertThat(new String(claim.bytes(), UTF_8))
                .isEqualTo("{\"kind\":\"Claim\",\"metadata\":{\"resourceVersion\":\"" + claim.revision() + "\"}}");
    }

    @Test
    void theLatestReadSeesEveryWriteThatReturned() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var failures = new AtomicInteger();
            for (int writer = 0; writer < 8; writer++) {
                int mine = writer;
                threads.submit(() -> {
                    for (int i = 0; i < 200; i++) {
                        String name = "w" + mine + "-" + i;
                        StoredObject created = createPod(name);
                        Snapshot now = storage.snapshot(Read.latest());
                        if (now.get(created.key()).isEmpty() || now.revision() < created.revision()) {
                            failures.incrementAndGet();
                        }
                    }
                });
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            assertThat(failures).hasValue(0);
        }
        assertThat(storage.snapshot(Read.any()).under(PODS)).hasSize(1_600);
    }

    @Test
    void aSnapshotStandsStill() {
        createPod("a");
        Snapshot before = storage.snapshot(Read.latest());
        StoredObject b = createPod("b");
        storage.delete(b.key(), b.revision());
        createPod("c");
        assertThat(before.under(PODS).keySet()).containsExactly(PODS + "default/a");
        assertThat(storage.snapshot(Read.latest()).under(PODS + "default/").keySet())
                .containsExactly(PODS + "default/a", PODS + "default/c");
    }

    @Test
    void anyRecentRevisionIsReadExactly() {
        List<StoredObject> created = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            created.add(createPod("p%04d".formatted(i)));
        }
        StoredObject changed =
                storage.update(created.getFirst().key(), created.getFirst().revision(), pod("p0000", "n2"));
        StoredObject deleted =
                storage.delete(created.get(1).key(), created.get(1).revision());
        for (int i = 0; i < 1_000; i += 83) {
            Snapshot then = storage.snapshot(Read.exactly(created.get(i).revision()));
            assertThat(then.revision()).isEqualTo(created.get(i).revision());
            assertThat(then.under(PODS)).hasSize(i + 1);
            assertThat(then.under(PODS).lastEntry().getValue().name())
                    .isEqualTo(created.get(i).name());
        }
        Snapshot then = storage.snapshot(Read.exactly(changed.revision()));
        assertThat(then.get(changed.key()).orElseThrow().fields()).containsEntry("spec.nodeName", "n2");
        assertThat(then.get(deleted.key())).isPresent();
        assertThat(storage.snapshot(Read.exactly(deleted.revision())).get(deleted.key()))
                .isEmpty();
    }

    @Test
    void aRevisionThatIsGoneIsExpired() {
        open(StorageLimits.defaults().withHistory(100, 1 << 20));
        long first = createPod("a").revision();
        for (int i = 0; i < 1_000; i++) {
            createPod("p" + i);
        }
        storage.snapshot(Read.latest());
        ApiException gone = catchThrowableOfType(ApiException.class, () -> storage.snapshot(Read.exactly(first)));
        assertThat(gone.code()).isEqualTo(410);
        assertThat(gone.reason()).isEqualTo("Expired");
        assertThatThrownBy(() -> storage.watch(PODS, first, () -> {}))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.isGone()).isTrue())
                .hasMessageContaining("too old resource version: " + first);
    }

    @Test
    void aRevisionYetToComeIsWaitedForAndThenRefused() throws Exception {
        long now = createPod("a").revision();
        CompletableFuture<Snapshot> later = storage.read(Read.notOlderThan(now + 1));
        assertThat(later).isNotDone();
        createPod("b");
        assertThat(later.get().revision()).isEqualTo(now + 1);
        ApiException tooNew =
                catchThrowableOfType(ApiException.class, () -> storage.snapshot(Read.notOlderThan(now + 1_000)));
        assertThat(tooNew.code()).isEqualTo(504);
        assertThat(tooNew)
                .hasMessage("Timeout: Too large resource version: " + (now + 1_000) + ", current: " + (now + 1));
    }

    @Test
    void writesTellWhyTheyCouldNotBe() {
        StoredObject a = createPod("a");
        assertThatThrownBy(() -> createPod("a")).isInstanceOf(KeyExists.class);
        assertThatThrownBy(() -> storage.update(a.key(), a.revision() + 5, pod("a", "n2")))
                .isInstanceOfSatisfying(
                        RevisionMismatch.class,
                        e -> assertThat(storage.objectOf(e.current().orElseThrow())
                                        .revision())
                                .isEqualTo(a.revision()));
        var large = pod("large", "n1");
        large.put("data", "x".repeat(1_500_000));
        assertThatThrownBy(() -> storage.create(PODS + "default/large", large))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(413));
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

    @Test
    void changedFieldPathsAreReadAgain() {
        var paths = new ArrayList<String>();
        try (var crds = new ObjectStorage(
                EmbeddedStore.inMemory(),
                type -> List.copyOf(paths),
                StorageLimits.defaults(),
                new SimpleMeterRegistry())) {
            StoredObject a = crds.create(PODS + "default/a", pod("a", "n1"));
            assertThat(a.fields()).doesNotContainKey("spec.nodeName");
            paths.add("spec.nodeName");
            crds.snapshot(Read.latest());
            crds.refreshFields(PODS);
            assertThat(crds.snapshot(Read.any()).get(a.key()).orElseThrow().fields())
                    .containsEntry("spec.nodeName", "n1");
        }
    }

    @Test
    void eventsExpire() {
        open(StorageLimits.defaults().withTimeToLive(Map.of("/registry/core/events/", Duration.ofSeconds(1))));
        var event = storage.create("/registry/core/events/default/e", pod("e", "n"));
        createPod("stays");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> storage.snapshot(Read.latest()).get(event.key()).isEmpty());
        assertThat(storage.snapshot(Read.latest()).under(PODS)).hasSize(1);
    }

    @Test
    void historyIsCompacted() {
        open(StorageLimits.defaults().withCompactionInterval(Duration.ofMillis(100)));
        StoredObject a = createPod("a");
        StoredObject b = storage.update(a.key(), a.revision(), pod("a", "n2"));
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThatThrownBy(() -> store.range(PODS, null, 1, a.revision()))
                        .isInstanceOf(RevisionCompacted.class));
        assertThat(storage.snapshot(Read.latest()).get(a.key()).orElseThrow().revision())
                .isEqualTo(b.revision());
    }

    @Test
    void metricsTellWhereItStands() {
        long revision = createPod("a").revision();
        storage.snapshot(Read.latest());
        assertThat(metrics.get("apiserver.watch.cache.revision").gauge().value())
                .isEqualTo(revision);
        assertThat(metrics.get("apiserver.storage.objects").gauge().value()).isEqualTo(1);
        assertThat(metrics.get("apiserver.store.request")
                        .tag("operation", "create")
                        .timer()
                        .count())
                .isEqualTo(1);
    }
}
