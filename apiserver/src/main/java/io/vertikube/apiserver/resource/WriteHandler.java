package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.Offer;
import io.vertikube.apiserver.front.Statuses;
import io.vertikube.apiserver.front.View;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.ResourceType;
import io.vertikube.catalog.Subresource;
import io.vertikube.object.Gvk;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * Requests that write, from the body that has arrived to the answer. Reads the body on the event loop and works on a
 * virtual thread. Safe for any.
 */
final class WriteHandler {

    /** How the {@code scale} subresource is shown in a table. */
    private static final ResourceType SCALES = new ResourceType(
            "autoscaling", "v1", "Scale", "scales", "scale", List.of(), true, Set.of("get"), List.of(), List.of());

    private static final Gvk DELETE_OPTIONS = new Gvk("", "v1", "DeleteOptions");

    /** Kinds whose delete answers with the object; the others answer with a Status. */
    private static final Set<String> SHOWN_WHEN_DELETED = Set.of(
            "pods",
            "podtemplates",
            "persistentvolumes",
            "persistentvolumeclaims",
            "resourcequotas",
            "serviceaccounts",
            "services");

    private final WritePipeline pipeline;
    private final ObjectWrites objects;
    private final PatchWrites patches;
    private final DeleteWrites deletes;
    private final SubresourceWrites subresources;
    private final ReviewHandler reviews;
    private final Rendering rendering;
    private final ListAnswers lists;
    private final InstantSource clock;

    WriteHandler(
            WritePipeline pipeline,
            Attempts attempts,
            SubresourceWrites subresources,
            ReviewHandler reviews,
            Rendering rendering,
            ListAnswers lists,
            InstantSource clock) {
        this.pipeline = pipeline;
        this.objects = new ObjectWrites(pipeline, attempts);
        this.patches = new PatchWrites(pipeline, attempts);
        this.deletes = new DeleteWrites(pipeline, attempts);
        this.subresources = subresources;
        this.reviews = reviews;
        this.rendering = rendering;
        this.lists = lists;
        this.clock = clock;
    }

    void accept(Call call, ResourceType type, Strategy strategy) {
        View view = type.stored()
                ? call.view(type.gvk())
                : call.view(new Offer(call.documents().knows(type.gvk()), false));
        if (call.info().verb().equals("deletecollection")) {
            call.body(body -> call.work(() -> deleteCollection(call, type, strategy, body, view)));
            return;
        }
        Rendering.demandObject(view, type);
        call.body(body -> call.offload(() -> switch (call.info().verb()) {
            case "create" -> create(call, type, strategy, body, view);
            case "update" -> {
                Write write = write(call, type, strategy, "UpdateOptions", false);
                yield answer(call, write, objects.update(write, body, contentType(call)), view);
            }
            case "patch" -> {
                boolean apply = PatchWrites.isApply(contentType(call));
                Write write = write(call, type, strategy, "PatchOptions", apply);
                yield answer(call, write, patches.patch(write, body, contentType(call)), view);
            }
            default -> delete(call, type, strategy, body, view);
        }));
    }

    void acceptSubresource(Call call, ResourceType type, Strategy strategy, Subresource subresource) {
        View view = call.view(subresource.kind());
        Rendering.demandObject(view, type);
        call.body(body -> call.offload(() -> {
            String kind =
                    switch (call.info().verb()) {
                        case "create" -> "CreateOptions";
                        case "patch" -> "PatchOptions";
                        default -> "UpdateOptions";
                    };
            boolean apply = call.info().verb().equals("patch") && PatchWrites.isApply(contentType(call));
            Write write = write(call, type, strategy, kind, apply);
            return switch (call.info().verb()) {
                case "get" -> rendering.object(200, SCALES, subresources.scale(write), view, call.query());
                case "create" ->
                    Answer.tree(
                            201,
                            subresources.create(write, subresource, body, contentType(call), call.query()),
                            view.ofObject());
                case "patch" ->
                    shown(
                            call,
                            write,
                            view,
                            subresource.name().equals("scale")
                                    ? subresources.patchScale(write, body, contentType(call))
                                    : patches.patch(write, body, contentType(call)));
                default ->
                    shown(
                            call,
                            write,
                            view,
                            subresource.name().equals("scale")
                                    ? subresources.updateScale(write, body, contentType(call))
                                    : objects.update(write, body, contentType(call)));
            };
        }));
    }

    private Answer create(Call call, ResourceType type, Strategy strategy, byte[] body, View view) {
        Write write = write(call, type, strategy, "CreateOptions", false);
        if (type.stored()) {
            return answer(call, write, objects.create(write, body, contentType(call)), view);
        }
        ObjectNode object = pipeline.intake().object(body, contentType(call), write);
        if (type.kind().equals("Binding")) {
            return Answer.tree(201, subresources.bind(write, object), view);
        }
        return Answer.tree(201, reviews.answer(write, object), view);
    }

    private Answer delete(Call call, ResourceType type, Strategy strategy, byte[] body, View view) {
        DeleteOptions options = deleteOptions(call, body);
        Write write = deleting(call, type, strategy, options);
        DeleteWrites.Deleted deleted = deletes.delete(write, options);
        ObjectNode object = deleted.object();
        boolean shown = !deleted.gone() || (type.group().isEmpty() && SHOWN_WHEN_DELETED.contains(type.plural()));
        if (shown) {
            return rendering.object(200, type, object, view, call.query());
        }
        return Answer.tree(
                200,
                Statuses.deleted(type.group(), type.plural(), write.name(), SystemFields.text(object, "uid")),
                view.ofObject());
    }

    private void deleteCollection(Call call, ResourceType type, Strategy strategy, byte[] body, View view) {
        DeleteOptions options = deleteOptions(call, body);
        Write write = deleting(call, type, strategy, options);
        var selection = Selection.of(type, strategy, call.info().namespace(), call.query());
        ListParameters parameters = ListParameters.of(call.query());
        Snapshot snapshot = pipeline.storage().snapshot(parameters.how());
        List<StoredObject> selected =
                pipeline.forms().page(type, snapshot, selection, parameters).items();
        List<StoredObject> deleted = deletes.deleteAll(write, selected, options);
        var page = new ListPage(pipeline.storage().revision(), deleted, null, -1);
        call.onContext(() -> lists.answer(call, type, page, view));
    }

    private DeleteOptions deleteOptions(Call call, byte[] body) {
        if (body.length == 0) {
            return DeleteOptions.of(call.query());
        }
        return DeleteOptions.of(pipeline.intake().untouched(body, contentType(call), DELETE_OPTIONS), call.query());
    }

    private Write deleting(Call call, ResourceType type, Strategy strategy, DeleteOptions options) {
        var plain = new WriteOptions(options.dryRun(), "", WriteOptions.FieldValidation.IGNORE, false, options.shown());
        return write(call, type, strategy, plain);
    }

    private Write write(Call call, ResourceType type, Strategy strategy, String optionsKind, boolean apply) {
        return write(call, type, strategy, WriteOptions.of(call, optionsKind, apply));
    }

    private Write write(Call call, ResourceType type, Strategy strategy, WriteOptions options) {
        return new Write(
                type,
                strategy,
                call.info().subresource(),
                type.namespaced() ? call.info().namespace() : "",
                call.info().verb().equals("deletecollection") ? "" : call.info().name(),
                call.user(),
                options,
                clock.instant(),
                audience(call));
    }

    private static Write.Audience audience(Call call) {
        return new Write.Audience() {
            @Override
            public void warn(String sentence) {
                call.warn(sentence);
            }

            @Override
            public void annotate(String key, String value) {
                call.annotate(key, value);
            }
        };
    }

    private Answer answer(Call call, Write write, Written written, View view) {
        int code = written.created() ? 201 : 200;
        StoredObject stored = written.stored();
        return stored != null && view.isPlainJson()
                ? Rendering.json(code, stored)
                : rendering.object(code, write.type(), written.tree(), view, call.query());
    }

    private Answer shown(Call call, Write write, View view, Written written) {
        return written.stored() == null && written.tree().path("kind").asText().equals("Scale")
                ? rendering.object(200, write.type(), written.tree(), view, call.query())
                : answer(call, write, written, view);
    }

    private static String contentType(Call call) {
        return call.header("Content-Type");
    }
}
