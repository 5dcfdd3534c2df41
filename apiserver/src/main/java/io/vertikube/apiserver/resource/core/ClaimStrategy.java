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
import java.util.List;

/** The rules of persistent volume claims. Pure. */
public final class ClaimStrategy implements Strategy {

    private static final String IMMUTABLE =
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

    @Override
    public void applyDefaults(ObjectNode claim) {
        Trees.find(claim, "spec").ifPresent(spec -> Trees.setIfAbsent(spec, "volumeMode", "Filesystem"));
    }

    @Override
    public void prepareForCreate(ObjectNode claim) {
        claim.putObject("status").put("phase", "Pending");
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
