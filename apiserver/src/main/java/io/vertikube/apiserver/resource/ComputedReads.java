package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.View;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiErrors;
import java.util.List;

/** Gets and lists of what is not stored, in every form that stored objects are shown in. Safe for any event loop. */
final class ComputedReads {

    /** What is computed is selected by name, namespace and labels alone. */
    private static final Strategy PLAIN = new Strategy() {};

    private final List<ComputedObjects> makers;
    private final Rendering rendering;

    ComputedReads(List<ComputedObjects> makers, Rendering rendering) {
        this.makers = List.copyOf(makers);
        this.rendering = rendering;
    }

    boolean has(ResourceType type) {
        return makers.stream().anyMatch(maker -> maker.has(type));
    }

    private ComputedObjects of(ResourceType type) {
        return makers.stream().filter(maker -> maker.has(type)).findFirst().orElseThrow(ApiErrors::noSuchResource);
    }

    void get(Call call, ResourceType type) {
        View view = call.view(type.gvk());
        Rendering.demandObject(view, type);
        String name = call.info().name();
        call.offload(() ->
                rendering.object(200, type, of(type).get(type, call.info().namespace(), name), view, call.query()));
    }

    void list(Call call, ResourceType type) {
        View view = call.view(type.gvk());
        Rendering.demandList(view, type);
        String namespace = call.info().namespace();
        var selection = Selection.of(type, PLAIN, namespace, call.query());
        call.offload(() -> {
            List<ObjectNode> found = of(type).list(
                            type,
                            namespace,
                            stored -> selection.labels().matches(stored.labels())
                                    && selection.fields().matches(stored.fields()));
            return rendering.computed(type, found, view, call.query());
        });
    }
}
