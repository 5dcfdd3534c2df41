package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.resource.InstanceRemoval;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.schema.BuiltInSchemas;
import io.vertikube.apiserver.storage.Follower;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoreException;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.apiserver.webhook.WebhookClient;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvr;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the stored definitions: serves what they define, writes their conditions, and lets their instances go before
 * them. Every server runs one; what they write is fenced by revision, and all come to the same. Its state belongs to its
 * one virtual thread.
 */
public final class DefinitionLoop implements AutoCloseable, Follower.Work {

    private static final Logger LOG = LoggerFactory.getLogger(DefinitionLoop.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ObjectStorage storage;
    private final ServedTypes served;
    private final BuiltInSchemas schemas;
    private final WebhookClient webhooks;
    private final Supplier<CelEngine> engine;
    private final Consumer<ResourceType> gone;
    private final InstantSource clock;
    private final Endings endings;
    private final Follower follower;
    private final Map<String, Definition> known = new HashMap<>();
    private final Map<String, List<CustomType>> types = new HashMap<>();
    private final Set<String> judged = new HashSet<>();

    /** @param gone is told of every row that is served no longer */
    public DefinitionLoop(
            ObjectStorage storage,
            ServedTypes served,
            BuiltInSchemas schemas,
            WebhookClient webhooks,
            Supplier<CelEngine> engine,
            Consumer<ResourceType> gone,
            InstantSource clock) {
        this.storage = storage;
        this.served = served;
        this.schemas = schemas;
        this.webhooks = webhooks;
        this.engine = engine;
        this.gone = gone;
        this.clock = clock;
        this.follower = new Follower("definitions", storage, Definition.PREFIX, this);
        this.endings = new Endings(storage, new InstanceRemoval(storage, clock), clock, follower::wake);
    }

    /** Serves what is defined already, then follows in the background. */
    public void start() {
        serve(read(storage.snapshot(Read.any())));
        follower.start();
    }

    /** Whether its thread is at work; for tests. */
    boolean isRunning() {
        return follower.isRunning();
    }

    @Override
    public @Nullable Duration look(boolean news) {
        try {
            Collection<Definition> all = read(storage.snapshot(Read.any()));
            serve(all);
            Map<String, ObjectNode> changes =
                    StatusPlan.of(all, d -> !judged.contains(mark(d)), served.builtIn(), clock.instant());
            all.forEach(d -> judged.add(mark(d)));
            changes.forEach((key, wanted) -> write(key, wanted));
            endings.look(all);
            return null;
        } catch (ApiException | StoreException e) {
            LOG.warn("the definitions could not be followed and will be looked at again: {}", e.getMessage());
            return PAUSE;
        }
    }

    @Override
    public void ended() {
        endings.close();
    }

    private static String mark(Definition definition) {
        return definition.uid() + " " + definition.tree().path("metadata").path("generation");
    }

    private void write(String key, ObjectNode wanted) {
        try {
            storage.update(key, Long.parseLong(Trees.text(wanted, "metadata", "resourceVersion")), wanted);
        } catch (RevisionMismatch e) {
            LOG.debug("{} has changed meanwhile: its next form is judged", key);
        }
    }

    /** The definitions as they are; those that have not changed are not read again. */
    private Collection<Definition> read(Snapshot now) {
        Map<String, Definition> found = new HashMap<>();
        for (StoredObject stored : now.under(Definition.PREFIX).values()) {
            Definition before = known.get(stored.key());
            found.put(
                    stored.key(),
                    before != null && before.revision() == stored.revision() ? before : Definition.of(stored));
        }
        known.clear();
        known.putAll(found);
        Set<String> marks = new HashSet<>();
        found.values().forEach(d -> marks.add(mark(d)));
        judged.retainAll(marks);
        return new ArrayList<>(found.values());
    }

    private void serve(Collection<Definition> all) {
        boolean changed = types.keySet().retainAll(known.keySet());
        for (Definition definition : all) {
            List<CustomType> before = types.get(definition.key());
            boolean same = before != null
                    && !before.isEmpty()
                    && before.getFirst().definition().served().equals(definition.served());
            if (!same) {
                List<CustomType> now = CustomType.of(definition, schemas, webhooks, engine);
                changed |= !now.isEmpty() || (before != null && !before.isEmpty());
                types.put(definition.key(), now);
            }
        }
        if (!changed) {
            return;
        }
        Map<Gvr, CustomType> earlier = served.types();
        served.serve(types.values().stream().flatMap(List::stream).toList());
        Map<Gvr, CustomType> later = served.types();
        refreshFields(earlier, later);
        earlier.forEach((resource, type) -> {
            if (!later.containsKey(resource)) {
                LOG.info("{} is served no longer", resource);
                gone.accept(type.row());
            }
        });
    }

    /** Reads the headers of a type's objects again where one may select by other fields than before. */
    private void refreshFields(Map<Gvr, CustomType> earlier, Map<Gvr, CustomType> later) {
        Map<String, Set<String>> before = fields(earlier);
        Map<String, Set<String>> now = fields(later);
        now.forEach((prefix, fields) -> {
            if (!fields.equals(before.getOrDefault(prefix, Set.of()))) {
                storage.refreshFields(prefix);
            }
        });
    }

    private static Map<String, Set<String>> fields(Map<Gvr, CustomType> types) {
        Map<String, Set<String>> fields = new HashMap<>();
        types.values()
                .forEach(type -> fields.computeIfAbsent(type.row().storagePrefix(), p -> new TreeSet<>())
                        .addAll(type.strategy().selectableFields()));
        return fields;
    }

    /** Ends the thread, and waits for that a moment. */
    @Override
    public void close() {
        follower.close();
    }
}
