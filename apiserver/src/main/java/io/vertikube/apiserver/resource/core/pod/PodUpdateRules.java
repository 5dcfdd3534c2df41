package io.vertikube.apiserver.resource.core.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What may change in a pod that exists ("Pod update and replacement" in the Kubernetes documentation). Pure. */
final class PodUpdateRules {

    private static final String ONLY_THESE =
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                    + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                    + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    private PodUpdateRules() {}

    static void validate(ObjectNode pod, ObjectNode old, Problems problems) {
        MirrorRules.validateUpdate(pod, old, problems);
        Place spec = Place.root(pod).get("spec");
        Place before = Place.root(old).get("spec");
        for (String list : List.of("containers", "initContainers")) {
            if (spec.get(list).node().size() != before.get(list).node().size()) {
                problems.forbidden(spec.get(list), "pod updates may not add or remove containers");
                return;
            }
            for (Place container : spec.items(list)) {
                ContainerRules.image(container.get("image"), problems);
            }
        }
        deadline(spec.get("activeDeadlineSeconds"), before.get("activeDeadlineSeconds"), problems);
        gates(spec, before, problems);
        tolerations(spec, before, problems);
        if (!problems.none()) {
            return;
        }
        ObjectNode same = Trees.object(pod, "spec").deepCopy();
        hideAllowed(same, Trees.object(old, "spec"));
        Set<String> changed = new LinkedHashSet<>();
        differences("spec", same, Trees.object(old, "spec"), changed);
        if (!changed.isEmpty()) {
            problems.add(FieldError.forbidden("spec", ONLY_THESE + "\nchanged: " + String.join(", ", changed)));
        }
    }

    private static void deadline(Place now, Place before, Problems problems) {
        if (now.present()) {
            problems.range(now, 0, Integer.MAX_VALUE);
            if (before.present() && before.number(0) < now.number(0)) {
                problems.invalid(now, "must be less than or equal to previous value");
            }
        } else if (before.present()) {
            problems.add(FieldError.invalid(now.path(), null, "must not update from a positive integer to nil value"));
        }
    }

    private static void gates(Place spec, Place before, Problems problems) {
        var had = before.items("schedulingGates").stream()
                .map(g -> g.text("name"))
                .toList();
        for (Place gate : spec.items("schedulingGates")) {
            if (!had.contains(gate.text("name"))) {
                problems.forbidden(
                        spec.get("schedulingGates"),
                        "only deletion is allowed, but found new scheduling gate '" + gate.text("name") + "'");
            }
        }
    }

    private static void tolerations(Place spec, Place before, Problems problems) {
        for (Place old : before.items("tolerations")) {
            boolean kept = spec.items("tolerations").stream().anyMatch(t -> sameButSeconds(t.node(), old.node()));
            if (!kept) {
                problems.forbidden(
                        spec.get("tolerations"),
                        "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static boolean sameButSeconds(JsonNode left, JsonNode right) {
        return left instanceof ObjectNode a
                && right instanceof ObjectNode b
                && Trees.equal(
                        a.deepCopy().without("tolerationSeconds"), b.deepCopy().without("tolerationSeconds"));
    }

    private static void hideAllowed(ObjectNode spec, ObjectNode old) {
        for (String list : List.of("containers", "initContainers")) {
            List<ObjectNode> before = Trees.objects(old, list);
            List<ObjectNode> now = Trees.objects(spec, list);
            for (int i = 0; i < now.size(); i++) {
                Trees.keep(now.get(i), before.get(i), "image");
            }
        }
        for (String field : List.of("activeDeadlineSeconds", "tolerations", "schedulingGates")) {
            Trees.keep(spec, old, field);
        }
        boolean negativeBefore = old.path("terminationGracePeriodSeconds").asLong() < 0;
        if (negativeBefore && spec.path("terminationGracePeriodSeconds").asLong() == 1) {
            Trees.keep(spec, old, "terminationGracePeriodSeconds");
        }
        if (!old.path("schedulingGates").isEmpty()) {
            // A gated pod has not been looked at: where it may run can still be narrowed (KEP-3838).
            Trees.keep(spec, old, "nodeSelector");
            Trees.keep(spec, old, "affinity");
        }
    }

    private static void differences(String path, JsonNode now, JsonNode before, Set<String> changed) {
        if (Trees.equal(now, before)) {
            return;
        }
        if (now.isObject() && before.isObject()) {
            var fields = new LinkedHashSet<String>();
            before.fieldNames().forEachRemaining(fields::add);
            now.fieldNames().forEachRemaining(fields::add);
            for (String field : fields) {
                differences(path + "." + field, now.path(field), before.path(field), changed);
            }
        } else if (now.isArray() && before.isArray() && now.size() == before.size()) {
            for (int i = 0; i < now.size(); i++) {
                differences(path + "[" + i + "]", now.get(i), before.get(i), changed);
            }
        } else {
            changed.add(path);
        }
    }

    /** Ephemeral containers may be added, and nothing else changes through their subresource. */
    static void validateEphemeral(ObjectNode pod, ObjectNode old, Problems problems) {
        if (MirrorRules.isMirror(old)) {
            problems.add(FieldError.forbidden("", "static pods do not support ephemeral containers"));
            return;
        }
        List<ObjectNode> before = Trees.objects(old.path("spec"), "ephemeralContainers");
        var now = new ArrayList<>(Trees.objects(pod.path("spec"), "ephemeralContainers"));
        String path = "spec.ephemeralContainers";
        for (ObjectNode container : before) {
            String name = container.path("name").asText();
            var match = now.stream()
                    .filter(c -> c.path("name").asText().equals(name))
                    .findFirst();
            if (match.isEmpty()) {
                problems.add(FieldError.forbidden(
                        path, "existing ephemeral containers \"" + name + "\" may not be removed"));
            } else if (!Trees.equal(match.get(), container)) {
                problems.add(FieldError.forbidden(
                        path, "existing ephemeral containers \"" + name + "\" may not be changed"));
            }
        }
    }
}
