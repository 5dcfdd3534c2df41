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
        var bare = Json.object().put("kind", "Claim");
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
        assertThat(metrics.get("apiserver.watch.cache.objects").gauge().value()).isEqualTo(1);
        assertThat(metrics.get("apiserver.store.request")
                        .tag("operation", "create")
                        .timer()
                        .count())
                .isEqualTo(1);
    }
}
