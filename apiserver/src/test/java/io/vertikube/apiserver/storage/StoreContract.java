package io.vertikube.apiserver.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store keeps to. A test of a store extends this and says how to open one that is empty. */
public abstract class StoreContract {

    private static final Duration SOON = Duration.ofSeconds(20);

    protected Store store;

    protected abstract Store open() throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(StoreEntry entry) {
        return new String(entry.value(), UTF_8);
    }

    /** Gathers what a watch brings. */
    protected static final class Recorder implements StoreListener {
        public final List<StoreEvent> events = new CopyOnWriteArrayList<>();
        volatile long compactedAt = -1;
        volatile StoreUnavailable failure;

        @Override
        public void events(List<StoreEvent> batch) {
            events.addAll(batch);
        }

        @Override
        public void compacted(long compactedRevision) {
            compactedAt = compactedRevision;
        }

        @Override
        public void failed(StoreUnavailable why) {
            failure = why;
        }

        public List<Long> revisions() {
            return events.stream().map(StoreEvent::revision).toList();
        }
    }

    @Test
    void everyWriteRaisesTheRevisionByOne() {
        long begin = store.currentRevision();
        long created = store.create("/registry/a/b/x", bytes("1"), 0);
        long updated = store.update("/registry/a/b/x", bytes("2"), created, 0);
        StoreEntry deleted = store.delete("/registry/a/b/x", updated);
        assertThat(List.of(created, updated, deleted.revision())).containsExactly(begin + 1, begin + 2, begin + 3);
        assertThat(text(deleted)).isEqualTo("2");
        assertThat(store.currentRevision()).isEqualTo(begin + 3);
        assertThat(store.get("/registry/a/b/x")).isEmpty();
    }

    @Test
    void whatWasWrittenIsReadWithItsRevision() {
        long revision = store.create("/registry/a/b/x", bytes("{\"ä\":1}"), 0);
        StoreEntry entry = store.get("/registry/a/b/x").orElseThrow();
        assertThat(text(entry)).isEqualTo("{\"ä\":1}");
        assertThat(entry.revision()).isEqualTo(revision);
        assertThat(entry.key()).isEqualTo("/registry/a/b/x");
    }

    @Test
    void creatingWhatExistsIsRefusedAndChangesNothing() {
        long revision = store.create("/registry/a/b/x", bytes("1"), 0);
        assertThatThrownBy(() -> store.create("/registry/a/b/x", bytes("2"), 0)).isInstanceOf(KeyExists.class);
        assertThat(store.currentRevision()).isEqualTo(revision);
        assertThat(text(store.get("/registry/a/b/x").orElseThrow())).isEqualTo("1");
    }

    @Test
    void createAfterDeleteIsANewKey() {
        long first = store.create("/registry/a/b/x", bytes("1"), 0);
        store.delete("/registry/a/b/x", first);
        long second = store.create("/registry/a/b/x", bytes("2"), 0);
        assertThat(second).isEqualTo(first + 2);
    }

    @Test
    void anUpdateFromAnOldRevisionIsToldWhatIsThere() {
        long first = store.create("/registry/a/b/x", bytes("1"), 0);
        long second = store.update("/registry/a/b/x", bytes("2"), first, 0);
        assertThatThrownBy(() -> store.update("/registry/a/b/x", bytes("3"), first, 0))
                .isInstanceOfSatisfying(RevisionMismatch.class, e -> {
                    assertThat(e.current().orElseThrow().revision()).isEqualTo(second);
                    assertThat(text(e.current().orElseThrow())).isEqualTo("2");
                });
        assertThat(store.currentRevision()).isEqualTo(second);
    }

    @Test
    void deleteAndUpdateOfWhatIsGoneAreToldSo() {
        assertThatThrownBy(() -> store.delete("/registry/a/b/x", 5))
                .isInstanceOfSatisfying(
                        RevisionMismatch.class, e -> assertThat(e.current()).isEmpty());
        assertThatThrownBy(() -> store.update("/registry/a/b/x", bytes("1"), 5, 0))
                .isInstanceOfSatisfying(
                        RevisionMismatch.class, e -> assertThat(e.current()).isEmpty());
        assertThatThrownBy(() -> store.update("/registry/a/b/x", bytes("1"), 0, 0))
                .isInstanceOf(RevisionMismatch.class);
        assertThatThrownBy(() -> store.delete("/registry/a/b/x", 0)).isInstanceOf(RevisionMismatch.class);
    }

    @Test
    void ofManyWritersFromOneRevisionOneWins() throws Exception {
        long revision = store.create("/registry/a/b/x", bytes("0"), 0);
        var wins = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                byte[] mine = bytes("writer " + i);
                threads.submit(() -> {
                    try {
                        store.update("/registry/a/b/x", mine, revision, 0);
                        wins.incrementAndGet();
                    } catch (RevisionMismatch lost) {
                        assertThat(lost.current()).isPresent();
                    }
                });
            }
        }
        assertThat(wins).hasValue(1);
        assertThat(store.currentRevision()).isEqualTo(revision + 1);
    }

    @Test
    void pagesFollowOneAnotherAtOneRevision() {
        for (int i = 0; i < 25; i++) {
            store.create("/registry/a/b/%02d".formatted(i), bytes("v" + i), 0);
        }
        store.create("/registry/a/bb", bytes("not under the prefix"), 0);
        long before = store.currentRevision();
        StorePage first = store.range("/registry/a/b/", null, 10, 0);
        assertThat(first.revision()).isEqualTo(before);
        assertThat(first.more()).isTrue();
        long gone = first.entries().get(5).revision() + 10;
        store.delete("/registry/a/b/15", gone);
        store.create("/registry/a/b/16a", bytes("new"), 0);

        List<String> keys =
                new ArrayList<>(first.entries().stream().map(StoreEntry::key).toList());
        StorePage page = first;
        while (page.more()) {
            page = store.range("/registry/a/b/", keys.getLast(), 10, first.revision());
            keys.addAll(page.entries().stream().map(StoreEntry::key).toList());
            assertThat(page.revision()).isEqualTo(first.revision());
        }
        assertThat(keys).hasSize(25).isSorted().contains("/registry/a/b/15").doesNotContain("/registry/a/b/16a");
        assertThat(store.range("/registry/a/b/", null, 100, 0).entries()).hasSize(25);
        assertThat(store.range("", null, 100, 0).entries()).hasSize(26);
        assertThat(store.range("/registry/nothing/", null, 100, 0).entries()).isEmpty();
    }

    @Test
    void aRangeInThePastShowsTheValuesOfThen() {
        long first = store.create("/registry/a/b/x", bytes("1"), 0);
        long second = store.update("/registry/a/b/x", bytes("2"), first, 0);
        store.delete("/registry/a/b/x", second);
        assertThat(text(store.range("/registry/", null, 9, first).entries().getFirst()))
                .isEqualTo("1");
        assertThat(text(store.range("/registry/", null, 9, second).entries().getFirst()))
                .isEqualTo("2");
        assertThat(store.range("/registry/", null, 9, second + 1).entries()).isEmpty();
        assertThatThrownBy(() -> store.range("/registry/", null, 9, second + 100))
                .isInstanceOf(RevisionInFuture.class);
    }

    @Test
    void compactionForgetsThePastButNothingOfThePresent() {
        long first = store.create("/registry/a/b/x", bytes("1"), 0);
        long second = store.update("/registry/a/b/x", bytes("2"), first, 0);
        long other = store.create("/registry/a/b/y", bytes("y"), 0);
        store.delete("/registry/a/b/y", other);
        long third = store.create("/registry/a/b/z", bytes("z"), 0);
        store.compact(third);
        store.compact(second);
        assertThatThrownBy(() -> store.range("/registry/", null, 9, second)).isInstanceOf(RevisionCompacted.class);
        List<StoreEntry> now = store.range("/registry/", null, 9, third).entries();
        assertThat(now.stream().map(StoreEntry::key)).containsExactly("/registry/a/b/x", "/registry/a/b/z");
        assertThat(store.get("/registry/a/b/x").orElseThrow().revision()).isEqualTo(second);
        assertThat(store.update("/registry/a/b/x", bytes("3"), second, 0)).isEqualTo(third + 1);
    }

    @Test
    void aWatchBringsHistoryThenTheNewExactlyOnceAndInOrder() {
        long begin = store.currentRevision();
        long first = store.create("/registry/a/b/x", bytes("1"), 0);
        var recorder = new Recorder();
        try (StoreWatch watch = store.watch("", begin, recorder)) {
            long second = store.update("/registry/a/b/x", bytes("2"), first, 0);
            store.delete("/registry/a/b/x", second);
            await().atMost(SOON).until(() -> recorder.events.size() == 3);
            assertThat(recorder.revisions()).containsExactly(begin + 1, begin + 2, begin + 3);
            assertThat(recorder.events.get(2).isDelete()).isTrue();
            assertThat(new String(recorder.events.get(1).value(), UTF_8)).isEqualTo("2");
        }
    }

    @Test
    void aWatchOfAPrefixSeesNothingElse() {
        var recorder = new Recorder();
        try (StoreWatch watch = store.watch("/registry/a/b/", store.currentRevision(), recorder)) {
            store.create("/registry/a/bb/x", bytes("1"), 0);
            store.create("/registry/a/b/x", bytes("2"), 0);
            await().atMost(SOON).until(() -> !recorder.events.isEmpty());
            assertThat(recorder.events.stream().map(StoreEvent::key)).containsExactly("/registry/a/b/x");
        }
    }

    @Test
    void aWatchFromTheFutureWaitsForIt() {
        long begin = store.currentRevision();
        var recorder = new Recorder();
        try (StoreWatch watch = store.watch("/registry/", begin + 1, recorder)) {
            store.create("/registry/a/b/1", bytes("1"), 0);
            store.create("/registry/a/b/2", bytes("2"), 0);
            await().atMost(SOON).until(() -> !recorder.events.isEmpty());
            assertThat(recorder.revisions()).containsExactly(begin + 2);
        }
    }

    @Test
    void aWatchFromBeforeCompactionIsToldSo() {
        long begin = store.currentRevision();
        for (int i = 0; i < 10; i++) {
            store.create("/registry/a/b/" + i, bytes("x"), 0);
        }
        store.compact(begin + 8);
        var late = new Recorder();
        var inTime = new Recorder();
        try (StoreWatch one = store.watch("", begin + 1, late);
                StoreWatch two = store.watch("", begin + 8, inTime)) {
            await().atMost(SOON).until(() -> late.compactedAt >= 0 && inTime.events.size() == 2);
            assertThat(late.compactedAt).isEqualTo(begin + 8);
            assertThat(late.events).isEmpty();
            assertThat(inTime.compactedAt).isEqualTo(-1);
        }
    }

    @Test
    void watchersUnderLoadMissNothingAcrossCompaction() throws Exception {
        long begin = store.currentRevision();
        var recorders = List.of(new Recorder(), new Recorder(), new Recorder());
        List<StoreWatch> watches =
                recorders.stream().map(r -> store.watch("", begin, r)).toList();
        Map<String, Long> revisions = new ConcurrentHashMap<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < 8; writer++) {
                String key = "/registry/a/b/" + writer;
                threads.submit(() -> {
                    revisions.put(key, store.create(key, bytes("0"), 0));
                    for (int i = 1; i < 100; i++) {
                        revisions.put(key, store.update(key, bytes("" + i), revisions.get(key), 0));
                    }
                });
            }
            await().atMost(SOON).until(() -> recorders.stream().allMatch(r -> r.events.size() > 300));
            store.compact(begin + 200);
        }
        await().atMost(SOON).until(() -> recorders.stream().allMatch(r -> r.events.size() >= 800));
        for (Recorder recorder : recorders) {
            List<Long> seen = recorder.revisions();
            assertThat(seen).hasSize(800).isSorted().doesNotHaveDuplicates();
            assertThat(seen.getFirst()).isEqualTo(begin + 1);
            assertThat(seen.getLast()).isEqualTo(begin + 800);
        }
        watches.forEach(StoreWatch::close);
    }

    @Test
    void aClosedWatchIsSilent() throws Exception {
        var recorder = new Recorder();
        StoreWatch watch = store.watch("", store.currentRevision(), recorder);
        store.create("/registry/a/b/1", bytes("1"), 0);
        await().atMost(SOON).until(() -> !recorder.events.isEmpty());
        watch.close();
        Thread.sleep(100);
        store.create("/registry/a/b/2", bytes("2"), 0);
        Thread.sleep(200);
        assertThat(recorder.events).hasSize(1);
        assertThat(recorder.failure).isNull();
    }

    @Test
    void aLeaseEndsInADeleteThatWatchersSee() {
        var recorder = new Recorder();
        try (StoreWatch watch = store.watch("", store.currentRevision(), recorder)) {
            long begin = System.nanoTime();
            store.create("/registry/core/events/a", bytes("short"), 2);
            store.create("/registry/core/events/b", bytes("short"), 2);
            store.create("/registry/core/events/c", bytes("for ever"), 0);
            await().atMost(SOON)
                    .until(() -> store.get("/registry/core/events/a").isEmpty()
                            && store.get("/registry/core/events/b").isEmpty());
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(1900));
            assertThat(store.get("/registry/core/events/c")).isPresent();
            await().atMost(SOON).until(() -> recorder.events.size() == 5);
            assertThat(recorder.events.subList(3, 5)).allMatch(StoreEvent::isDelete);
        }
    }

    @Test
    void anUpdateBeginsTheLeaseAnew() throws Exception {
        long first = store.create("/registry/core/events/a", bytes("short"), 2);
        store.update("/registry/core/events/a", bytes("longer"), first, 3600);
        long second = store.create("/registry/core/events/b", bytes("short"), 2);
        store.update("/registry/core/events/b", bytes("for ever"), second, 0);
        store.create("/registry/core/events/c", bytes("short"), 2);
        await().atMost(SOON).until(() -> store.get("/registry/core/events/c").isEmpty());
        assertThat(store.get("/registry/core/events/a")).isPresent();
        assertThat(store.get("/registry/core/events/b")).isPresent();
    }

    @Test
    void largeValuesPass() {
        byte[] large = new byte[1_400_000];
        java.util.Arrays.fill(large, (byte) 'x');
        for (int i = 0; i < 10; i++) {
            store.create("/registry/a/large/" + i, large, 0);
        }
        StorePage page = store.range("/registry/a/large/", null, 100, 0);
        assertThat(page.entries()).hasSize(10);
        assertThat(page.entries().getLast().value()).hasSize(large.length);
    }
}
