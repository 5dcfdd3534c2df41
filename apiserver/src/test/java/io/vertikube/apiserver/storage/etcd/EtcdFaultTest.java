package io.vertikube.apiserver.storage.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertikube.apiserver.storage.Store;
import io.vertikube.apiserver.storage.StoreEvent;
import io.vertikube.apiserver.storage.StoreListener;
import io.vertikube.apiserver.storage.StoreUnavailable;
import io.vertikube.apiserver.storage.StoreWatch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Three members, of which each in turn dies, the leader among them: neither writers nor watchers may notice. */
class EtcdFaultTest {

    @Test
    void membersDieInTurnAndNobodyNotices() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.cluster(3);
                Store store = EtcdStore.connect(new EtcdOptions(etcd.endpoints(), null, Duration.ofSeconds(20)))) {
            long begin = store.currentRevision();
            List<Long> seen = new CopyOnWriteArrayList<>();
            List<String> ends = new CopyOnWriteArrayList<>();
            var running = new AtomicBoolean(true);
            try (StoreWatch watch = store.watch("", begin, listener(seen, ends));
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> writers = List.of(
                        threads.submit(() -> write(store, "a", running)),
                        threads.submit(() -> write(store, "b", running)),
                        threads.submit(() -> write(store, "c", running)));
                for (int i = 0; i < etcd.size(); i++) {
                    Thread.sleep(500);
                    etcd.kill(i);
                    Thread.sleep(1_500);
                    etcd.start(i);
                    Thread.sleep(1_500);
                }
                running.set(false);
                int written = 0;
                for (Future<Integer> writer : writers) {
                    written += writer.get();
                }
                long last = store.currentRevision();
                assertThat(last).isEqualTo(begin + written);
                await().atMost(Duration.ofSeconds(20)).until(() -> !seen.isEmpty() && seen.getLast() == last);
                assertThat(seen)
                        .isEqualTo(
                                LongStream.rangeClosed(begin + 1, last).boxed().toList());
                assertThat(ends).isEmpty();
            }
        }
    }

    private static int write(Store store, String name, AtomicBoolean running) throws InterruptedException {
        String key = "/registry/core/configmaps/" + name;
        long revision = store.create(key, (name + " 0").getBytes(UTF_8), 0);
        int written = 1;
        while (running.get()) {
            revision = store.update(key, (name + " " + written).getBytes(UTF_8), revision, 0);
            written++;
            Thread.sleep(2);
        }
        return written;
    }

    private static StoreListener listener(List<Long> seen, List<String> ends) {
        return new StoreListener() {
            @Override
            public void events(List<StoreEvent> events) {
                events.forEach(event -> seen.add(event.revision()));
            }

            @Override
            public void compacted(long compactedRevision) {
                ends.add("compacted");
            }

            @Override
            public void failed(StoreUnavailable why) {
                ends.add("failed");
            }
        };
    }
}
