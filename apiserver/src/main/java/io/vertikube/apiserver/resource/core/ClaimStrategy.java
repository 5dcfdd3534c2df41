package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.pod.ResourceRules;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import io.vertikube.value.Quantities;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of persistent volume claims. Pure. */
public final class ClaimStrategy implements Strategy {

    private static final List<String> SOURCES =
            List.of("/PersistentVolumeClaim", "snapshot.storage.k8s.io/VolumeSnapshot");
    private static final String IMMUTABLE =
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

    @Override
    public void applyDefaults(ObjectNode claim) {
        Trees.find(claim, "spec").ifPresent(spec -> Trees.setIfAbsent(spec, "volumeMode", "Filesystem"));
    }

    @Override
    public void prepareForCreate(ObjectNode claim) {
        claim.putObject("status").put("phase", "Pending");
        mirrorSource(Trees.object(claim, "spec"));
    }

    /** {@code dataSource} and {@code dataSourceRef} say the same where both can (KEP-1495). */
    private static void mirrorSource(ObjectNode spec) {
        String source = Trees.text(spec, "dataSource", "apiGroup") + "/" + Trees.text(spec, "dataSource", "kind");
        if (!SOURCES.contains(source)) {
            spec.remove("dataSource"); // Older servers took no others, and left them out without a word.
        }
        boolean local = Trees.text(spec, "dataSourceRef", "namespace").isEmpty();
        if (Trees.absent(spec, "dataSourceRef") && !Trees.absent(spec, "dataSource")) {
            Trees.find(spec, "dataSource").ifPresent(known -> spec.set("dataSourceRef", known.deepCopy()));
        } else if (Trees.absent(spec, "dataSource") && local) {
            Trees.find(spec, "dataSourceRef").ifPresent(known -> spec.set("dataSource", known.deepCopy()));
        }
    }

    @Override
    public List<String> warnings(ObjectNode claim, @Nullable ObjectNode old) {
        var warnings = new ArrayList<String>();
        StorageWarnings.annotations(Place.root(claim), warnings);
        Place storage = Place.root(claim).get("spec", "resources", "requests").key("storage");
        if (Quantities.isQuantity(storage.text())
                && Quantities.parse(storage.text()).stripTrailingZeros().scale() > 0) {
            warnings.add(storage.path() + ": fractional byte value \"" + storage.text()
                    + "\" is invalid, must be an integer");
        }
        return warnings;
    }

    @Override
    public List<FieldError> validate(ObjectNode claim) {
        var problems = new Problems();
        Place spec = Place.root(claim).get("spec");
        VolumeStrategy.modes(spec.get("accessModes"), problems);
        LabelSelectorRules.validate(spec.get("selector"), problems);
        Place storage = spec.get("resources", "requests").key("storage");
        if (!storage.present()) {
            problems.required(storage);
        } else if (!Quantities.isQuantity(storage.text())
                || Quantities.parse(storage.text()).signum() <= 0) {
            problems.invalid(storage, "must be greater than zero");
        }
        ResourceRules.amounts(spec.get("resources", "limits"), problems);
        problems.checkIfAny(spec.get("storageClassName"), Names::dnsSubdomain);
        for (String field : List.of("dataSource", "dataSourceRef")) {
            Place source = spec.get(field);
            if (source.present()) {
                problems.require(source.get("name"), "");
                problems.require(source.get("kind"), "");
                boolean core = source.get("apiGroup").empty();
                if (core && !source.get("kind").empty() && !source.text("kind").equals("PersistentVolumeClaim")) {
                    problems.invalid(source, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
                }
            }
        }
        if (spec.has("dataSource")
                && spec.has("dataSourceRef")
                && spec.get("dataSourceRef").get("namespace").empty()
                && !Trees.equal(
                        spec.get("dataSource").node(), spec.get("dataSourceRef").node())) {
            problems.invalid(spec, "must match dataSourceRef");
        }
        problems.supportedIfAny(spec.get("volumeMode"), List.of("Block", "Filesystem"));
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode claim, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(claim));
        ObjectNode spec = Trees.object(claim, "spec").deepCopy();
        ObjectNode before = Trees.object(old, "spec").deepCopy();
        boolean bound = old.path("status").path("phase").asText().equals("Bound");
        if (Trees.text(before, "volumeName").isEmpty()) {
            // Binding is a change of the claim.
            spec.remove("volumeName");
            before.remove("volumeName");
        }
        if (Trees.text(before, "storageClassName").isEmpty() && Trees.absent(before, "storageClassName")) {
            spec.remove("storageClassName");
        }
        if (bound) {
            grows(spec, before, problems);
            for (ObjectNode side : List.of(spec, before)) {
                Trees.find(side, "resources").ifPresent(r -> r.remove("requests"));
                side.remove("volumeAttributesClassName");
            }
        }
        if (!Trees.equal(spec, before)) {
            problems.add(FieldError.forbidden("spec", IMMUTABLE));
        }
        return problems.list();
    }

    private static void grows(JsonNode spec, JsonNode before, Problems problems) {
        String now = Trees.text(spec, "resources", "requests", "storage");
        String had = Trees.text(before, "resources", "requests", "storage");
        boolean both = Quantities.isQuantity(now) && Quantities.isQuantity(had);
        if (both && Quantities.parse(now).compareTo(Quantities.parse(had)) < 0) {
            problems.add(FieldError.forbidden(
                    "spec.resources.requests.storage", "field can not be less than previous value"));
        }
    }
}
