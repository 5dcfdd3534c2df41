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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Puts into the store what every cluster has, and right again what was changed. Doing it twice, or on several servers at
 * once, is harmless. Blocks on the store: call it from a virtual or main thread.
 */
public final class Bootstrap {

    private static final int TRIES = 5;

    private final ObjectStorage storage;
    private final InstantSource clock;

    public Bootstrap(ObjectStorage storage, InstantSource clock) {
        this.storage = storage;
        this.clock = clock;
    }

    /** Returns when everything is there. The server's own Service is {@link KubernetesService}'s. */
    public void run(BootstrapOptions options) {
        var objects = new Objects(clock);
        var cluster = new ClusterDefaults(objects);
        var wanted = new ArrayList<Wanted>();
        wanted.addAll(cluster.namespaces());
        wanted.addAll(new RbacDefaults(objects).all());
        wanted.addAll(cluster.priorityClasses());
        wanted.addAll(cluster.flowControl());
        wanted.add(cluster.serviceRange(options.serviceRange()));
        wanted.add(cluster.authentication(options.authenticationData()));
        ensure(wanted);
    }

    void ensure(List<Wanted> wanted) {
        Snapshot snapshot = storage.snapshot(Read.latest());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> running = wanted.stream()
                    .map(w -> CompletableFuture.runAsync(() -> ensure(w, snapshot.get(w.key())), threads))
                    .toList();
            running.forEach(CompletableFuture::join);
        }
    }

    private void ensure(Wanted wanted, Optional<StoredObject> seen) {
        Optional<StoredObject> stored = seen;
        for (int i = 0; i < TRIES; i++) {
            try {
                if (stored.isEmpty()) {
                    storage.create(wanted.key(), wanted.object());
                } else {
                    ObjectNode tree = stored.get().tree();
                    if (wanted.mend().test(tree, wanted.object())) {
                        storage.update(wanted.key(), stored.get().revision(), tree);
                    }
                }
                return;
            } catch (KeyExists | RevisionMismatch e) {
                // Another server is doing the same; look again.
                stored = storage.snapshot(Read.latest()).get(wanted.key());
            }
        }
        throw new IllegalStateException(wanted.key() + " is being changed all the time");
    }
}
