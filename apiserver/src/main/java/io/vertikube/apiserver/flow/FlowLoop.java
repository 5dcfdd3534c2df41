package io.vertikube.apiserver.flow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.apiserver.storage.Subscription;
import io.vertikube.apiserver.storage.WatchBatch;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the stored flow schemas and priority levels, says in a schema's status whether its level is there, and has seats
 * lent every now and then. Every server runs one; what they write is fenced by revision and the same. Its state belongs to
 * its one virtual thread.
 */
final class FlowLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FlowLoop.class);
    private static final String PREFIX = "/registry/flowcontrol.apiserver.k8s.io/";
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final int BATCH = 256;

    private final ObjectStorage storage;
    private final Flows flows;
    private final FlowLimits limits;
    private final InstantSource clock;
    private final Semaphore news = new Semaphore(1);
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    FlowLoop(ObjectStorage storage, Flows flows, FlowLimits limits, InstantSource clock) {
        this.storage = storage;
        this.flows = flows;
        this.limits = limits;
        this.clock = clock;
    }

    void start() {
        thread = Thread.ofVirtual().name("flow control").start(this::run);
    }

    private void run() {
        Subscription events = watch();
        long adjusted = System.nanoTime();
        try {
            while (!closed) {
                long rest = limits.adjusting().toNanos() - (System.nanoTime() - adjusted);
                boolean changed = news.tryAcquire(Math.max(0, rest), TimeUnit.NANOSECONDS);
                news.drainPermits();
                events = drained(events);
                if (!closed && changed) {
                    look();
                } else if (!closed) {
                    flows.adjust();
                    adjusted = System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            events.close();
        }
    }

    private Subscription watch() {
        return storage.watch(PREFIX, storage.snapshot(Read.any()).revision(), event -> true, news::release);
    }

    /** Takes what has happened; begins a new watch where the old one has lost its place. */
    private Subscription drained(Subscription events) {
        while (true) {
            WatchBatch batch = events.poll(BATCH);
            if (closed || batch.ended() == WatchBatch.End.CLOSED) {
                return events;
            }
            if (batch.ended() != null) {
                events.close();
                news.release();
                return watch();
            }
            if (batch.isEmpty()) {
                return events;
            }
        }
    }

    private void look() {
        Snapshot now = storage.snapshot(Read.any());
        Collection<StoredObject> schemas = now.under(PREFIX + "flowschemas/").values();
        Collection<StoredObject> levels =
                now.under(PREFIX + "prioritylevelconfigurations/").values();
        flows.follow(
                schemas.stream().map(FlowSchema::of).toList(),
                levels.stream().map(LevelRule::of).toList());
        var names = new HashSet<String>();
        levels.forEach(level -> names.add(level.name()));
        schemas.forEach(schema -> tell(schema, names));
    }

    /** Whether the schema's level is there, in its status. */
    private void tell(StoredObject stored, Set<String> levels) {
        ObjectNode schema = stored.tree();
        String level = Trees.text(schema, "spec", "priorityLevelConfiguration", "name");
        boolean dangling = !levels.contains(level);
        ArrayNode conditions = Trees.array(Trees.object(schema, "status"), "conditions");
        ObjectNode condition = null;
        for (ObjectNode some : Trees.objects(schema.path("status"), "conditions")) {
            if (some.path("type").asText().equals("Dangling")) {
                condition = some;
            }
        }
        String status = dangling ? "True" : "False";
        String message = "This FlowSchema references the PriorityLevelConfiguration object named \"" + level + "\" "
                + (dangling ? "but there is no such object" : "and it exists");
        if (condition == null) {
            condition = conditions.addObject().put("type", "Dangling");
        } else if (condition.path("status").asText().equals(status)
                && condition.path("message").asText().equals(message)) {
            return;
        }
        if (!condition.path("status").asText().equals(status)) {
            condition.put(
                    "lastTransitionTime",
                    clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        condition
                .put("status", status)
                .put("reason", dangling ? "NotFound" : "Found")
                .put("message", message);
        try {
            storage.update(stored.key(), stored.revision(), schema);
        } catch (RevisionMismatch e) {
            LOG.debug("{} has changed meanwhile: its next form is looked at", stored.key());
        } catch (RuntimeException e) {
            LOG.warn("the status of {} could not be written: {}", stored.key(), e.getMessage());
        }
    }

    /** Ends the thread, and waits for that a moment. */
    @Override
    public void close() {
        closed = true;
        news.release();
        Thread running = thread;
        if (running != null) {
            try {
                running.join(STOP);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
