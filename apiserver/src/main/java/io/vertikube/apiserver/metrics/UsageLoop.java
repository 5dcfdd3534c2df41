package io.vertikube.apiserver.metrics;

import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.StoredObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every kubelet once a resolution, but only while somebody asks. The first request starts a virtual thread,
 * which ends and forgets everything when nobody has asked for a while. Each kubelet is asked on a thread of its own, so
 * one that hangs holds up only its own figures. Safe for any thread.
 */
public final class UsageLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UsageLoop.class);
    private static final String NODES = "/registry/core/nodes/";
    private static final String PATH = "/metrics/resource";

    /** Asks a kubelet. */
    @FunctionalInterface
    public interface Kubelets {

        /**
         * The body of a page, read as text. Blocks, for the timeout at most.
         *
         * @throws RuntimeException if it cannot be had
         */
        String page(String node, String path, Duration timeout, int mostBytes);
    }

    private final ObjectStorage storage;
    private final Kubelets kubelets;
    private final MetricsLimits limits;
    private final InstantSource clock;
    private final Map<String, NodeUsage> nodes = new ConcurrentHashMap<>();
    private final Set<String> asking = ConcurrentHashMap.newKeySet();
    private final Semaphore slots;
    private volatile long lastAskedNanos;
    private @Nullable Thread thread;
    private @Nullable Awakening awakening;
    private boolean closed;

    /** The first round: when it began, and what is still missing of it. */
    private record Awakening(long beganNanos, CountDownLatch listed, Set<String> missing) {}

    public UsageLoop(ObjectStorage storage, Kubelets kubelets, MetricsLimits limits, InstantSource clock) {
        this.storage = storage;
        this.kubelets = kubelets;
        this.limits = limits;
        this.clock = clock;
        this.slots = new Semaphore(limits.scrapesAtOnce());
    }

    /** The usage of each node that is known. Waits a moment where nothing was measured yet. */
    Map<String, NodeUsage> now() {
        Awakening begun = ask();
        try {
            await(begun);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Map.copyOf(nodes);
    }

    private synchronized Awakening ask() {
        lastAskedNanos = System.nanoTime();
        if (closed) {
            throw new IllegalStateException("the server stops");
        }
        if (thread == null || awakening == null) {
            var begun = new Awakening(lastAskedNanos, new CountDownLatch(1), ConcurrentHashMap.newKeySet());
            awakening = begun;
            thread = Thread.ofVirtual().name("usage").start(() -> rounds(begun));
            return begun;
        }
        return awakening;
    }

    private void await(Awakening begun) throws InterruptedException {
        long until = begun.beganNanos + limits.patience().toNanos();
        begun.listed.await(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        while (!begun.missing.isEmpty() && System.nanoTime() < until) {
            Thread.sleep(20);
        }
    }

    private void rounds(Awakening begun) {
        boolean first = true;
        try {
            while (!retired()) {
                look(begun, first);
                first = false;
                Thread.sleep(limits.resolution());
            }
        } catch (InterruptedException e) {
            LOG.debug("kubelets are looked at no more: the server stops");
        } finally {
            begun.listed.countDown();
        }
    }

    /** Whether nobody has asked for long enough; then the next request begins anew. */
    private synchronized boolean retired() {
        boolean idle = System.nanoTime() - lastAskedNanos > limits.idle().toNanos();
        if (idle || closed) {
            thread = null;
            awakening = null;
            nodes.clear();
        }
        return idle || closed;
    }

    private void look(Awakening begun, boolean first) {
        try {
            Set<String> names = storage.snapshot(Read.any()).under(NODES).values().stream()
                    .map(StoredObject::name)
                    .collect(Collectors.toSet());
            nodes.keySet().retainAll(names);
            if (first) {
                begun.missing.addAll(names);
            }
            for (String name : names) {
                if (asking.add(name)) {
                    Thread.ofVirtual().name("usage of " + name).start(() -> scrape(name, begun));
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("nodes could not be listed to measure them: {}", e.getMessage());
        } finally {
            begun.listed.countDown();
        }
    }

    private void scrape(String name, Awakening begun) {
        try {
            sample(name);
            NodeUsage usage = nodes.get(name);
            if (usage != null && !usage.isRate()) {
                Thread.sleep(limits.warmUp());
                sample(name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debug("kubelet {} did not tell what is used: {}", name, e.getMessage());
            nodes.remove(name);
        } finally {
            asking.remove(name);
            begun.missing.remove(name);
        }
    }

    private void sample(String name) throws InterruptedException {
        slots.acquire();
        try {
            String text = kubelets.page(name, PATH, limits.scrapeTimeout(), limits.pageBytes());
            var sample = NodeSample.of(text, clock.instant());
            nodes.compute(name, (n, before) -> NodeUsage.after(before, sample));
        } finally {
            slots.release();
        }
    }

    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
        }
        if (running != null) {
            running.interrupt();
        }
    }
}
