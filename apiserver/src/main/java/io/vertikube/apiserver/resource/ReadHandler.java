package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.View;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiErrors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Gets and lists, answered from the watch cache on the event loop. Safe for any event loop. */
final class ReadHandler {

    private final ObjectStorage storage;
    private final Forms forms;
    private final Rendering rendering;
    private final ListAnswers lists;

    ReadHandler(ObjectStorage storage, Forms forms, Rendering rendering, ListAnswers lists) {
        this.storage = storage;
        this.forms = forms;
        this.rendering = rendering;
        this.lists = lists;
    }

    void get(Call call, ResourceType type) {
        View view = call.view(type.gvk());
        Rendering.demandObject(view, type);
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
                    } else if (view.isBytes() && forms.ready(type, object)) {
                        call.answer(Rendering.bytes(forms.of(type, object), view));
                    } else {
                        call.offload(() -> {
                            StoredObject form = forms.of(type, object);
                            return view.isBytes()
                                    ? Rendering.bytes(form, view)
                                    : rendering.object(200, type, form.tree(), view, call.query());
                        });
                    }
                }));
    }

    void list(Call call, ResourceType type, Strategy strategy) {
        View view = call.view(type.gvk());
        Rendering.demandList(view, type);
        var selection = Selection.of(type, strategy, call.info().namespace(), call.query());
        ListParameters parameters = ListParameters.of(call.query());
        storage.read(parameters.how())
                .whenComplete((snapshot, failure) -> call.onContext(() -> {
                    if (failure != null) {
                        call.fail(StorageFailures.translate(failure, parameters.resume()));
                        return;
                    }
                    if (forms.ready(type, snapshot.under(selection.prefix()).values())) {
                        lists.answer(call, type, forms.page(type, snapshot, selection, parameters), view);
                    } else {
                        converted(
                                call,
                                () -> forms.page(type, snapshot, selection, parameters),
                                page -> lists.answer(call, type, page, view));
                    }
                }));
    }

    /** Objects that have to be converted first are, away from the event loop. */
    private static void converted(Call call, Supplier<ListPage> make, Consumer<ListPage> then) {
        Thread.ofVirtual().name("converting").start(() -> {
            try {
                ListPage page = make.get();
                call.onContext(() -> then.accept(page));
            } catch (Throwable e) {
                call.fail(e);
            }
        });
    }
}
