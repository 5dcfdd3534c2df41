package io.vertikube.apiserver.storage.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.vertikube.apiserver.storage.StoreEvent;
import io.vertikube.apiserver.storage.StoreListener;
import io.vertikube.apiserver.storage.StoreWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows etcd for as long as it takes: one stream after the other, each from right after the last revision delivered.
 * The client's own reconnection is not used, because it may begin again at a revision it has not delivered. A watch of
 * every key also checks that no revision is left out. A virtual thread of its own looks after the streams; the listener
 * is called from the threads of the client, one call at a time.
 */
final class EtcdWatch implements StoreWatch {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdWatch.class);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Watch client;
    private final String prefix;
    private final StoreListener listener;
    private final Thread thread;

    /** The last revision delivered; guarded by this. */
    private long delivered;

    private volatile boolean closed;
    private volatile @Nullable Stream current;

    EtcdWatch(Watch client, String prefix, long from, StoreListener listener) {
        this.client = client;
        this.prefix = prefix;
        this.delivered = from;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("etcd-watch").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            Duration pause = PAUSE;
            while (!closed) {
                long before = last();
                var stream = new Stream();
                current = stream;
                stream.runToEnd();
                Long compacted = stream.compacted;
                if (compacted != null) {
                    if (!closed) {
                        listener.compacted(compacted);
                    }
                    return;
                }
                if (!closed) {
                    pause = last() > before ? PAUSE : longer(pause);
                    LOG.info(
                            "The watch of etcd ended at revision {} ({}) and is taken up again in {}",
                            last(),
                            stream.why,
                            pause);
                    Thread.sleep(pause);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    private synchronized long last() {
        return delivered;
    }

    @Override
    public void close() {
        closed = true;
        Stream stream = current;
        if (stream != null) {
            stream.end("closed");
        }
    }

    private WatchOption option() {
        WatchOption.Builder option = WatchOption.builder()
                .withRevision(last() + 1)
                .withRequireLeader(true)
                .withProgressNotify(true);
        return prefix.isEmpty()
                ? option.withRange(EtcdStore.EVERYTHING).build()
                : option.isPrefix(true).build();
    }

    /** One stream of etcd, until it breaks. */
    private final class Stream implements Watch.Listener {
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile @Nullable Long compacted;
        private volatile String why = "";

        void runToEnd() throws InterruptedException {
            ByteSequence key = prefix.isEmpty() ? EtcdStore.EVERYTHING : EtcdStore.bytes(prefix);
            Watch.Watcher watcher;
            try {
                watcher = client.watch(key, option(), this);
            } catch (RuntimeException e) {
                why = String.valueOf(e.getMessage());
                return;
            }
            try {
                ended.await();
            } finally {
                watcher.close();
            }
        }

        void end(String reason) {
            synchronized (EtcdWatch.this) {
                if (ended.getCount() > 0) {
                    why = reason;
                    ended.countDown();
                }
            }
        }

        @Override
        public void onNext(WatchResponse response) {
            synchronized (EtcdWatch.this) {
                if (ended.getCount() == 0 || closed) {
                    return;
                }
                List<StoreEvent> events = events(response);
                if (!events.isEmpty()) {
                    if (prefix.isEmpty() && events.getFirst().revision() > delivered + 1) {
                        end("revisions after " + delivered + " were left out up to "
                                + events.getFirst().revision());
                        return;
                    }
                    delivered = events.getLast().revision();
                    listener.events(events);
                }
            }
        }

        private List<StoreEvent> events(WatchResponse response) {
            var events = new ArrayList<StoreEvent>(response.getEvents().size());
            for (WatchEvent event : response.getEvents()) {
                var kv = event.getKeyValue();
                if (kv.getModRevision() > delivered) {
                    byte[] value = event.getEventType() == WatchEvent.EventType.DELETE
                            ? null
                            : kv.getValue().getBytes();
                    events.add(new StoreEvent(EtcdStore.string(kv.getKey()), kv.getModRevision(), value));
                }
            }
            return events;
        }

        @Override
        public void onError(Throwable e) {
            if (e instanceof CompactedException gone) {
                compacted = gone.getCompactedRevision();
            }
            end(String.valueOf(e.getMessage()));
        }

        @Override
        public void onCompleted() {
            end("the stream was completed");
        }
    }
}
