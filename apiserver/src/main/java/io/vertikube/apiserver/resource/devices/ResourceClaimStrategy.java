package io.vertikube.apiserver.resource.devices;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of resource claims: what is asked never changes, an allocation only comes and goes. Pure. */
public final class ResourceClaimStrategy implements Strategy {

    private static final int MAX_CONSUMERS = 256;

    @Override
    public void applyDefaults(ObjectNode claim) {
        defaults(claim.path("spec"));
    }

    @Override
    public void prepareForCreate(ObjectNode claim) {
        claim.putObject("status");
    }

    static void defaults(com.fasterxml.jackson.databind.JsonNode spec) {
        for (ObjectNode request : Trees.objects(spec.path("devices"), "requests")) {
            Trees.find(request, "exactly").ifPresent(ResourceClaimStrategy::count);
            Trees.objects(request, "firstAvailable").forEach(ResourceClaimStrategy::count);
        }
    }

    private static void count(ObjectNode asked) {
        Trees.setIfAbsent(asked, "allocationMode", "ExactCount");
        if (asked.path("allocationMode").asText().equals("ExactCount")) {
            Trees.setIfAbsent(asked, "count", 1);
        }
    }

    @Override
    public List<FieldError> validate(ObjectNode claim) {
        var problems = new Problems();
        DeviceRules.claimSpec(Place.root(claim).get("spec"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode claim, ObjectNode old) {
        var problems = new Problems();
        problems.immutable(Place.root(claim).get("spec"), Place.root(old).get("spec"));
        if (problems.none()) {
            problems.addAll(validate(claim));
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode claim, ObjectNode old) {
        var problems = new Problems();
        Place status = Place.root(claim).get("status");
        Place before = Place.root(old).get("status");
        Place consumers = status.get("reservedFor");
        CommonRules.maxItems(consumers, MAX_CONSUMERS, problems);
        Set<String> uids = new HashSet<>();
        for (Place consumer : consumers.items()) {
            for (String field : List.of("resource", "name", "uid")) {
                problems.require(consumer.get(field), "");
            }
            if (!uids.add(consumer.text("uid"))) {
                problems.duplicate(consumer.get("uid"));
            }
        }
        if (status.has("allocation") && before.has("allocation")) {
            problems.immutable(status.get("allocation"), before.get("allocation"));
        } else if (!status.has("allocation") && !consumers.empty()) {
            problems.forbidden(consumers, "may not be specified when `allocated` is not set");
        }
        return problems.list();
    }
}
