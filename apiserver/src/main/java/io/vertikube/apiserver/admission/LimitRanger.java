package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.object.ApiErrors;
import io.vertikube.value.PodResources;
import io.vertikube.value.Quantities;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Defaults and bounds of what containers, pods and claims may use in a namespace ("Limit Ranges"). */
final class LimitRanger implements AdmissionPlugin {

    private static final String ANNOTATION = "kubernetes.io/limit-ranger";

    private final Stored stored;

    LimitRanger(ObjectStorage storage) {
        this.stored = new Stored(storage);
    }

    @Override
    public String name() {
        return "LimitRanger";
    }

    @Override
    public boolean mutatesAgain() {
        return true;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.isFor("", "pods")) {
            return;
        }
        ObjectNode pod = request.requireObject();
        var done = new ArrayList<String>();
        for (JsonNode limit : limits(request.namespace())) {
            if (limit.path("type").asText().equals("Container")) {
                for (String list : List.of("initContainers", "containers")) {
                    for (ObjectNode container : Trees.objects(pod.path("spec"), list)) {
                        fill(container, "requests", limit.path("defaultRequest"), list, done);
                        fill(container, "limits", limit.path("default"), list, done);
                    }
                }
            }
        }
        if (!done.isEmpty()) {
            Trees.object(Trees.object(pod, "metadata"), "annotations")
                    .put(ANNOTATION, "LimitRanger plugin set: " + String.join("; ", done));
        }
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean pod = request.isFor("", "pods") && request.operation() == Operation.CREATE;
        boolean claim = request.isFor("", "persistentvolumeclaims")
                && (request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE);
        if (!pod && !claim) {
            return;
        }
        JsonNode spec = request.requireObject().path("spec");
        var errors = new ArrayList<String>();
        for (JsonNode limit : limits(request.namespace())) {
            switch (limit.path("type").asText()) {
                case "Container" -> {
                    if (pod) {
                        for (String list : List.of("containers", "initContainers")) {
                            for (JsonNode container : spec.path(list)) {
                                JsonNode resources = container.path("resources");
                                check(
                                        limit,
                                        PodResources.quantities(resources.path("requests")),
                                        PodResources.quantities(resources.path("limits")),
                                        errors);
                            }
                        }
                    }
                }
                case "Pod" -> {
                    if (pod) {
                        check(limit, PodResources.total(spec, "requests"), PodResources.total(spec, "limits"), errors);
                    }
                }
                case "PersistentVolumeClaim" -> {
                    if (claim) {
                        Map<String, BigDecimal> asked =
                                PodResources.quantities(Trees.at(spec, "resources", "requests"));
                        check(limit, asked, asked, errors);
                    }
                }
                default -> {
                    // other types bind nothing that is created here
                }
            }
        }
        if (!errors.isEmpty()) {
            String all = errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]";
            throw ApiErrors.forbidden(request.type().gvr(), request.name(), all);
        }
    }

    private List<JsonNode> limits(String namespace) {
        var limits = new ArrayList<JsonNode>();
        for (ObjectNode range : stored.settings("/registry/core/limitranges/" + namespace + "/")) {
            range.path("spec").path("limits").forEach(limits::add);
        }
        return limits;
    }

    private static void fill(ObjectNode container, String which, JsonNode defaults, String list, List<String> done) {
        if (defaults.isEmpty()) {
            return;
        }
        ObjectNode there = Trees.object(Trees.object(container, "resources"), which);
        var set = new TreeSet<String>();
        defaults.properties().forEach(e -> {
            if (!there.has(e.getKey())) {
                there.set(e.getKey(), e.getValue().deepCopy());
                set.add(e.getKey());
            }
        });
        if (!set.isEmpty()) {
            String what = list.equals("containers") ? "container " : "init container ";
            done.add(String.join(", ", set) + " " + which.substring(0, which.length() - 1) + " for " + what
                    + container.path("name").asText());
        }
    }

    private static void check(
            JsonNode limit, Map<String, BigDecimal> requests, Map<String, BigDecimal> limits, List<String> errors) {
        String type = limit.path("type").asText();
        limit.path("min").properties().forEach(e -> {
            BigDecimal least = Quantities.parse(e.getValue().asText());
            String bound = "minimum " + e.getKey() + " usage per " + type + " is "
                    + e.getValue().asText();
            @Nullable BigDecimal request = requests.get(e.getKey());
            @Nullable BigDecimal most = limits.get(e.getKey());
            if (request == null) {
                errors.add(bound + ".  No request is specified");
            } else if (request.compareTo(least) < 0) {
                errors.add(bound + ", but request is " + Quantities.decimalForm(request));
            }
            if (most != null && most.compareTo(least) < 0) {
                errors.add(bound + ", but limit is " + Quantities.decimalForm(most));
            }
        });
        limit.path("max").properties().forEach(e -> {
            BigDecimal greatest = Quantities.parse(e.getValue().asText());
            String bound = "maximum " + e.getKey() + " usage per " + type + " is "
                    + e.getValue().asText();
            @Nullable BigDecimal request = requests.get(e.getKey());
            @Nullable BigDecimal most = limits.get(e.getKey());
            if (most == null) {
                errors.add(bound + ".  No limit is specified");
            } else if (most.compareTo(greatest) > 0) {
                errors.add(bound + ", but limit is " + Quantities.decimalForm(most));
            }
            if (request != null && request.compareTo(greatest) > 0) {
                errors.add(bound + ", but request is " + Quantities.decimalForm(request));
            }
        });
        limit.path("maxLimitRequestRatio").properties().forEach(e -> {
            @Nullable BigDecimal request = requests.get(e.getKey());
            @Nullable BigDecimal most = limits.get(e.getKey());
            String bound = e.getKey() + " max limit to request ratio per " + type + " is "
                    + e.getValue().asText();
            if (request == null || most == null || request.signum() == 0) {
                errors.add(bound + ", but no request is specified or request is 0");
            } else {
                BigDecimal ratio = most.divide(request, MathContext.DECIMAL64);
                if (ratio.compareTo(Quantities.parse(e.getValue().asText())) > 0) {
                    errors.add(bound + ", but provided ratio is " + ratio.toPlainString());
                }
            }
        });
    }
}
