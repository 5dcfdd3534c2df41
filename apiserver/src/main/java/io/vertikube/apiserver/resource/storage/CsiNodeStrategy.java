package io.vertikube.apiserver.resource.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of the drivers a node has: they come and go, and do not change. Pure. */
public final class CsiNodeStrategy implements Strategy {

    private static final int MAX_NODE_ID = 192;

    @Override
    public List<FieldError> validate(ObjectNode node) {
        var problems = new Problems();
        Set<String> names = new HashSet<>();
        for (Place driver : Place.root(node).get("spec").items("drivers")) {
            CommonRules.driverName(driver.get("name"), problems);
            Place id = driver.get("nodeID");
            if (problems.require(id, "") && id.text().length() > MAX_NODE_ID) {
                problems.invalid(id, "must be " + MAX_NODE_ID + " characters or less");
            }
            problems.notNegative(driver.get("allocatable", "count"));
            Set<String> keys = new HashSet<>();
            for (Place key : driver.items("topologyKeys")) {
                if (!keys.add(key.text())) {
                    problems.duplicate(key.at(driver.get("topologyKeys").path()));
                }
                problems.check(key.at(driver.get("topologyKeys").path()), Names::qualifiedName);
            }
            if (!names.add(driver.text("name"))) {
                problems.duplicate(driver.get("name"));
            }
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode node, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(node));
        for (Place driver : Place.root(node).get("spec").items("drivers")) {
            for (Place before : Place.root(old).get("spec").items("drivers")) {
                if (before.text("name").equals(driver.text("name")) && !Trees.equal(before.node(), driver.node())) {
                    problems.invalid(driver.at("CSINodeDriver"), "field is immutable");
                }
            }
        }
        return problems.list();
    }
}
