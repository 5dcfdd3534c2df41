package io.vertikube.deploy.bench.controllers;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.object.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for scheduler and nodes: a pod that appears is Ready with the next write. Counts the pods that came, and its
 * own writes. Safe for any thread.
 */
final class PodsAtOnce implements AutoCloseable {

    private static final int WRITERS = 12;
    private static final byte[] READY = """
            {"status":{"phase":"Running","conditions":[\
            {"type":"PodScheduled","status":"True"},{"type":"Initialized","status":"True"},\
            {"type":"ContainersReady","status":"True"},{"type":"Ready","status":"True","lastTransitionTime":"2020-01-01T00:00:00Z"}]}}\
            """.getBytes(StandardCharsets.UTF_8);

    private final TypedClient<Pod> pods;
    private final Informer<Pod> informer;
    private final LinkedBlockingQueue<Pod> fresh = new LinkedBlockingQueue<>();
    private final AtomicLong seen = new AtomicLong();
    private final AtomicLong gone = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final List<Thread> writers = new ArrayList<>();

    PodsAtOnce(ApiClient client) {
        this.pods = client.of(Pod.class);
        this.informer = Informer.create(client, Pod.class, "", ListOptions.all());
        informer.onChange(this::changed);
        for (int i = 0; i < WRITERS; i++) {
            writers.add(Thread.ofVirtual().name("ready-" + i).start(this::write));
        }
        informer.start();
    }

    /** Pods that have appeared so far. */
    LongSupplier seen() {
        return seen::get;
    }

    LongSupplier gone() {
        return gone::get;
    }

    /** Writes of our own so far. */
    long written() {
        return written.get();
    }

    @Override
    public void close() {
        informer.close();
        writers.forEach(Thread::interrupt);
    }

    private void changed(@Nullable Pod before, @Nullable Pod after) {
        if (before == null && after != null) {
            seen.incrementAndGet();
            fresh.add(after);
        } else if (after == null) {
            gone.incrementAndGet();
        }
    }

    private void write() {
        try {
            while (true) {
                Pod pod = fresh.take();
                try {
                    pods.patch(
                            pod.getMetadata().getNamespace(),
                            pod.getMetadata().getName(),
                            PatchType.MERGE,
                            READY,
                            "status");
                    written.incrementAndGet();
                } catch (ApiException e) {
                    if (!e.isNotFound()) {
                        throw e;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
