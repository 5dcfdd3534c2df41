package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.Operation;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Deletes of one object or of a selection. Runs on virtual threads, safe for any. */
final class DeleteWrites {

    /** An object after its delete: gone, or marked and still there. */
    record Deleted(ObjectNode object, boolean gone) {}

    private static final int AT_ONCE = 16;

    private final WritePipeline pipeline;
    private final Attempts attempts;

    DeleteWrites(WritePipeline pipeline, Attempts attempts) {
        this.pipeline = pipeline;
        this.attempts = attempts;
    }

    Deleted delete(Write write, DeleteOptions options) {
        return attempts.onCurrent(write, stored -> once(write, stored, options));
    }

    private Deleted once(Write write, StoredObject stored, DeleteOptions options) {
        checkPreconditions(write, stored, options);
        ObjectNode old = stored.tree();
        AdmissionRequest request = write.admission(Operation.DELETE, null, old);
        pipeline.admission().mutate(request);
        pipeline.admission().validate(request);
        ObjectStorage storage = pipeline.storage();
        ObjectNode leaving = stored.tree();
        if (!leaving.path("metadata").has("deletionTimestamp")) {
            write.strategy().prepareForDelete(leaving, write.now());
        }
        long grace = write.strategy().defaultGracePeriodSeconds(old);
        return switch (Deletion.plan(write.type(), leaving, options, grace, write.now())) {
            case Deletion.Pending(ObjectNode object) -> new Deleted(object, false);
            case Deletion.Mark(ObjectNode marked) -> {
                if (options.dryRun()) {
                    yield new Deleted(marked, false);
                }
                yield new Deleted(
                        pipeline.replace(write, stored.revision(), marked).tree(), false);
            }
            case Deletion.Remove(ObjectNode last) -> {
                if (!options.dryRun()) {
                    pipeline.heardOf(
                            write,
                            storage.delete(write.key(), stored.revision()).revision());
                    pipeline.admission().stored(request);
                }
                yield new Deleted(last, true);
            }
        };
    }

    private static void checkPreconditions(Write write, StoredObject stored, DeleteOptions options) {
        if (!options.uid().isEmpty() && !options.uid().equals(stored.uid())) {
            throw Placement.precondition(write, "UID", options.uid(), stored.uid());
        }
        String revision = Long.toString(stored.revision());
        if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(revision)) {
            throw Placement.precondition(write, "ResourceVersion", options.resourceVersion(), revision);
        }
    }

    /**
     * Deletes what is selected, several at once; what is gone by then does not count. The last forms are kept as bytes, since
     * they may be many.
     */
    List<StoredObject> deleteAll(Write write, List<StoredObject> selected, DeleteOptions options) {
        var deleted = new ArrayList<StoredObject>();
        var room = new Semaphore(AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<StoredObject>>();
            for (StoredObject object : selected) {
                Write one = new Write(
                        write.type(),
                        write.strategy(),
                        "",
                        object.namespace(),
                        object.name(),
                        write.user(),
                        write.options(),
                        write.now(),
                        write.audience());
                room.acquire();
                running.add(threads.submit(() -> {
                    try {
                        return pipeline.storage()
                                .compact(object, delete(one, options).object());
                    } finally {
                        room.release();
                    }
                }));
            }
            for (Future<StoredObject> one : running) {
                collect(one, deleted);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiErrors.serviceUnavailable("the server stops");
        }
        return deleted;
    }

    private static void collect(Future<StoredObject> one, List<StoredObject> deleted) throws InterruptedException {
        try {
            deleted.add(one.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ApiException known && known.isNotFound()) {
                return;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }
}
