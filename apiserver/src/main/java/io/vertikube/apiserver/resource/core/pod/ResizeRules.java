package io.vertikube.apiserver.resource.core.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import java.util.List;

/**
 * What the resources of a running pod may become (KEP-1287): other amounts of CPU and memory, in containers and
 * sidecars, as long as the pod's quality of service stays what it was. Pure.
 */
final class ResizeRules {

    private static final List<String> RESIZABLE = List.of("cpu", "memory");

    private ResizeRules() {}

    static void validate(ObjectNode pod, ObjectNode old, Problems problems) {
        if (MirrorRules.isMirror(old)) {
            problems.add(FieldError.forbidden("", "static pods cannot be resized"));
            return;
        }
        Place spec = Place.root(pod).get("spec");
        Place before = Place.root(old).get("spec");
        if (before.get("os").text("name").equals("windows")) {
            problems.add(FieldError.forbidden("", "windows pods cannot be resized"));
            return;
        }
        String quality = PodQuality.of(spec.node());
        if (!quality.equals(PodQuality.of(before.node()))) {
            problems.add(FieldError.invalid("spec", quality, "Pod QOS Class may not change as a result of resizing"));
        }
        compare(spec, before, "containers", problems);
        compare(spec, before, "initContainers", problems);
    }

    /** Both have the same containers: the subresource takes nothing but resources from what a client sends. */
    private static void compare(Place spec, Place before, String list, Problems problems) {
        List<Place> now = spec.items(list);
        List<Place> were = before.items(list);
        for (int i = 0; i < now.size(); i++) {
            Place container = now.get(i);
            Place was = were.get(i);
            if (Trees.equal(container.node(), was.node())) {
                continue;
            }
            boolean init = list.equals("initContainers");
            if (init && !was.text("restartPolicy").equals("Always")) {
                problems.forbidden(spec, "resources for non-sidecar init containers are immutable");
                continue;
            }
            if (!Trees.equal(others(container), others(was))) {
                problems.forbidden(
                        spec,
                        "only cpu and memory resources " + (init ? "for sidecar containers " : "")
                                + "are mutable\nchanged: "
                                + container.get("resources").path());
            }
            for (String amounts : List.of("requests", "limits")) {
                Place left = container.get("resources", amounts);
                if (!left.strings()
                        .keySet()
                        .containsAll(was.get("resources", amounts).strings().keySet())) {
                    problems.forbidden(left, "resource " + amounts + " cannot be removed");
                }
            }
        }
    }

    /** What a resize leaves alone: everything of the resources but amounts of CPU and memory. */
    private static ObjectNode others(Place container) {
        ObjectNode resources =
                container.get("resources").node() instanceof ObjectNode some ? some.deepCopy() : Trees.newObject();
        for (String amounts : List.of("requests", "limits")) {
            if (resources.get(amounts) instanceof ObjectNode map) {
                map.remove(RESIZABLE);
                if (map.isEmpty()) {
                    resources.remove(amounts);
                }
            }
        }
        return resources;
    }
}
