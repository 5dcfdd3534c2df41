package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.View;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiErrors;

/** Gets and lists, answered from the watch cache on the event loop. Safe for any event loop. */
final class ReadHandler {

    private final ObjectStorage storage;
    private final Rendering rendering;
    private final ResourceLimits limits;

    ReadHandler(ObjectStorage storage, Rendering rendering, ResourceLimits limits) {
        this.storage = storage;
        this.rendering = rendering;
        this.limits = limits;
    }

    void get(Call call, ResourceType type) {
        View view = call.view();
        Read how = ListParameters.single(call.query());
        String name = call.info().name();
        String key = type.storageKey(call.info().namespace(), name);
        storage.read(how)
                .whenComplete((snapshot, failure) -> call.onContext(() -> {
                    if (failure != null) {
                        call.fail(failure);
                        return;
                    }
                    StoredObject object = snapshot.get(key).orElse(null);
                    if (object == null) {
                        call.fail(ApiErrors.notFound(type.gvr(), name));
                    } else if (view.isPlainJson()) {
                        call.answer(Rendering.json(200, object));
                    } else {
                        call.offload(() -> rendering.object(200, type, object.tree(), view, call.query()));
                    }
                }));
    }

    void list(Call call, ResourceType type, Strategy strategy) {
        View view = call.view();
        var selection =
                Selection.of(type, strategy.selectableFields(), call.info().namespace(), call.query());
        ListParameters parameters = ListParameters.of(call.query());
        storage.read(parameters.how())
                .whenComplete((snapshot, failure) -> call.onContext(() -> {
                    if (failure != null) {
                        call.fail(StorageFailures.translate(failure, parameters.resume()));
                        return;
                    }
                    try {
                        ListPage page = ListPage.of(snapshot, selection, parameters, type.storagePrefix());
                        if (view.isPlainJson()) {
                            ListBody.write(call, type, page, limits.wholeListBytes(), limits.chunkBytes());
                        } else {
                            call.offload(() -> rendering.list(type, page, view, call.query()));
                        }
                    } catch (RuntimeException e) {
                        call.fail(e);
                    }
                }));
    }
}
