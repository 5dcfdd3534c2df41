package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.InstanceRemoval;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.StoreException;
import io.vertikube.apiserver.storage.Subscription;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings definitions that are deleted to their end: first all their instances go, those with finalizers in their own
 * time, then the definition itself. {@link #look} belongs to the loop's thread; each ending works on a thread of its own.
 */
final class Endings implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Endings.class);
    private static final int BATCH = 1_000;

    private final ObjectStorage storage;
    private final InstanceRemoval removal;
    private final InstantSource clock;
    private final Runnable wake;
    private final Map<String, Subscription> waiting = new HashMap<>();
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final Set<String> missed = ConcurrentHashMap.newKeySet();

    /** @param wake asks for another look */
    Endings(ObjectStorage storage, InstanceRemoval removal, InstantSource clock, Runnable wake) {
        this.storage = storage;
        this.removal = removal;
        this.clock = clock;
        this.wake = wake;
    }

    void look(Collection<Definition> all) {
        Set<String> ending = new HashSet<>();
        for (Definition definition : all) {
            if (definition.terminating() && definition.cleansUp()) {
                ending.add(definition.key());
                drain(definition);
                missed.add(definition.key());
                if (running.add(definition.key())) {
                    missed.remove(definition.key());
                    Thread.ofVirtual().name("end of " + definition.name()).start(() -> end(definition));
                }
            }
        }
        waiting.entrySet().removeIf(entry -> {
            boolean over = !ending.contains(entry.getKey());
            if (over) {
                entry.getValue().close();
            }
            return over;
        });
    }

    /** Has the loop woken when an instance changes; what has changed is looked at as a whole. */
    private void drain(Definition definition) {
        Subscription events = waiting.computeIfAbsent(
                definition.key(),
                key -> storage.watch(
                        definition.instances(), storage.snapshot(Read.any()).revision(), wake::run));
        while (true) {
            var batch = events.poll(BATCH);
            if (batch.ended() != null) {
                waiting.remove(definition.key());
                wake.run();
                return;
            }
            if (batch.isEmpty()) {
                return;
            }
        }
    }

    private void end(Definition definition) {
        try {
            if (tell(definition, "InstanceDeletionInProgress", "CustomResource deletion is in progress")) {
                return;
            }
            ResourceType row = Rows.of(definition, definition.versions().getFirst());
            if (removal.removeAll(row, definition.instances()) == 0) {
                release(definition);
            }
        } catch (RevisionMismatch e) {
            LOG.debug("{} has changed meanwhile: its next form is looked at", definition.name());
        } catch (ApiException | StoreException e) {
            LOG.warn("the instances of {} could not be deleted: {}", definition.name(), e.getMessage());
            again();
        } finally {
            running.remove(definition.key());
            if (missed.remove(definition.key())) {
                wake.run();
            }
        }
    }

    private void again() {
        try {
            Thread.sleep(1_000);
            wake.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says how far it is; true if that was news and has been written, so that the next form is looked at. */
    private boolean tell(Definition definition, String reason, String message) {
        boolean known = Conditions.find(definition.tree(), "Terminating")
                .filter(c -> c.path("reason").asText().equals(reason))
                .isPresent();
        if (known) {
            return false;
        }
        ObjectNode next = definition.tree().deepCopy();
        Conditions.set(next, "Terminating", true, reason, message, clock.instant());
        storage.update(definition.key(), definition.revision(), next);
        return true;
    }

    /** Nothing is left: the definition goes, unless somebody else holds it. */
    private void release(Definition definition) {
        ObjectNode next = definition.tree().deepCopy();
        Conditions.set(
                next, "Terminating", false, "InstanceDeletionCompleted", "removed all instances", clock.instant());
        ArrayNode others = next.arrayNode();
        next.path("metadata").path("finalizers").forEach(finalizer -> {
            if (!finalizer.asText().equals(Definition.FINALIZER)) {
                others.add(finalizer);
            }
        });
        if (others.isEmpty()) {
            storage.delete(definition.key(), definition.revision());
        } else {
            next.withObject("/metadata").set("finalizers", others);
            storage.update(definition.key(), definition.revision(), next);
        }
    }

    @Override
    public void close() {
        waiting.values().forEach(Subscription::close);
        waiting.clear();
    }
}
