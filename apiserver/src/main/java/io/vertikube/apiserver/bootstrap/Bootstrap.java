package io.vertikube.apiserver.bootstrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.storage.KeyExists;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Puts into the store what every cluster has, and right again what was changed. Doing it twice, or on several servers at
 * once, is harmless. What was found right is looked at again only when its revision is another one, so that repeating it
 * costs next to nothing. Blocks on the store: call it from a virtual or main thread, one at a time.
 */
public final class Bootstrap {

    private static final int TRIES = 5;

    private final ObjectStorage storage;
    private final InstantSource clock;
    private final BootstrapOptions options;

    /** The revision at which each object was right; empty until the first run. */
    private final Map<String, Long> right = new ConcurrentHashMap<>();

    public Bootstrap(ObjectStorage storage, InstantSource clock, BootstrapOptions options) {
        this.storage = storage;
        this.clock = clock;
        this.options = options;
    }

    /** Returns when everything is there. The server's own Service is {@link KubernetesService}'s. */
    public void run() {
        Snapshot snapshot = storage.snapshot(Read.latest());
        boolean allRight = !right.isEmpty()
                && right.entrySet().stream()
                        .allMatch(known -> snapshot.get(known.getKey())
                                .filter(stored -> stored.revision() == known.getValue())
                                .isPresent());
        if (!allRight) {
            ensure(wanted());
        }
    }

    private List<Wanted> wanted() {
        var objects = new Objects(clock);
        var cluster = new ClusterDefaults(objects);
        var wanted = new ArrayList<Wanted>();
        wanted.addAll(cluster.namespaces());
        wanted.addAll(new RbacDefaults(objects).all());
        wanted.addAll(cluster.priorityClasses());
        wanted.addAll(cluster.flowControl());
        wanted.addAll(new ApiServices(objects).builtIn());
        wanted.add(cluster.serviceRange(options.serviceRange()));
        wanted.add(cluster.authentication(options.authenticationData()));
        return wanted;
    }

    /** Namespaces come before what lies in them. */
    void ensure(List<Wanted> wanted) {
        Snapshot snapshot = storage.snapshot(Read.latest());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ensure(wanted.stream().filter(Wanted::isNamespace), snapshot, threads);
            ensure(wanted.stream().filter(w -> !w.isNamespace()), snapshot, threads);
        }
    }

    private void ensure(Stream<Wanted> wanted, Snapshot snapshot, Executor threads) {
        List<CompletableFuture<Void>> running = wanted.map(w ->
                        CompletableFuture.runAsync(() -> ensure(w, snapshot.get(w.key())), threads))
                .toList();
        running.forEach(CompletableFuture::join);
    }

    private void ensure(Wanted wanted, Optional<StoredObject> seen) {
        Optional<StoredObject> stored = seen;
        for (int i = 0; i < TRIES; i++) {
            try {
                if (stored.isEmpty()) {
                    right.put(
                            wanted.key(),
                            storage.create(wanted.key(), wanted.object()).revision());
                    return;
                }
                StoredObject there = stored.get();
                ObjectNode tree = there.tree();
                if (wanted.mend().test(tree, wanted.object())) {
                    there = storage.update(wanted.key(), there.revision(), tree);
                }
                right.put(wanted.key(), there.revision());
                return;
            } catch (KeyExists | RevisionMismatch e) {
                // Another server is doing the same; look again.
                stored = storage.snapshot(Read.latest()).get(wanted.key());
            }
        }
        throw new IllegalStateException(wanted.key() + " is being changed all the time");
    }
}
