package io.vertikube.apiserver.resource.apps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.List;

/** Counts in the status of what keeps replicas: never negative, parts never more than the whole. Pure. */
final class ReplicaStatusRules {

    private static final List<String> PARTS =
            List.of("fullyLabeledReplicas", "readyReplicas", "availableReplicas", "updatedReplicas", "currentReplicas");

    private ReplicaStatusRules() {}

    static List<FieldError> validate(ObjectNode object) {
        var problems = new Problems();
        Place status = Place.root(object).get("status");
        long replicas = status.number("replicas", 0);
        problems.notNegative(status.get("replicas"));
        problems.notNegative(status.get("observedGeneration"));
        for (String part : PARTS) {
            Place count = status.get(part);
            problems.notNegative(count);
            if (count.number(0) > replicas) {
                problems.invalid(count, "cannot be greater than status.replicas");
            }
        }
        if (status.number("availableReplicas", 0) > status.number("readyReplicas", 0) && status.has("readyReplicas")) {
            problems.invalid(status.get("availableReplicas"), "cannot be greater than readyReplicas");
        }
        return problems.list();
    }
}
