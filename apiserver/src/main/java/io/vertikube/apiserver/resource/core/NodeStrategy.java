package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.pod.ResourceRules;
import io.vertikube.apiserver.resource.core.pod.SchedulingRules;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of nodes. Their agents bring the status along when they create them. Pure. */
public final class NodeStrategy implements Strategy {

    private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    @Override
    public void applyDefaults(ObjectNode node) {
        Trees.find(node, "status").ifPresent(status -> {
            if (status.has("capacity") && !status.has("allocatable")) {
                status.set("allocatable", status.path("capacity").deepCopy());
            }
        });
    }

    @Override
    public void prepareForCreate(ObjectNode node) {
        ObjectNode spec = Trees.object(node, "spec");
        mirrorRange(spec);
        Trees.object(node, "status");
    }

    @Override
    public void prepareForUpdate(ObjectNode node, ObjectNode old) {
        mirrorRange(Trees.object(node, "spec"));
    }

    /** {@code podCIDR} and the first of {@code podCIDRs} are one thing. */
    private static void mirrorRange(ObjectNode spec) {
        String single = Trees.text(spec, "podCIDR");
        String first = spec.path("podCIDRs").path(0).asText("");
        if (!single.isEmpty() && !single.equals(first)) {
            spec.putArray("podCIDRs").add(single);
        } else if (single.isEmpty() && !first.isEmpty()) {
            spec.put("podCIDR", first);
        }
    }

    @Override
    public boolean keepsStatusOnCreate() {
        return true;
    }

    @Override
    public List<FieldError> validate(ObjectNode node) {
        var problems = new Problems();
        Place spec = Place.root(node).get("spec");
        SchedulingRules.taints(spec.get("taints"), EFFECTS, problems);
        ranges(spec.get("podCIDRs"), problems);
        status(Place.root(node).get("status"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode node, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(node));
        Place spec = Place.root(node).get("spec");
        Place before = Place.root(old).get("spec");
        if (!before.get("podCIDRs").empty() && !Trees.same(node.path("spec"), old.path("spec"), "podCIDRs")) {
            problems.forbidden(spec.get("podCIDRs"), "node updates may not change podCIDR except from \"\" to valid");
        }
        if (!before.get("providerID").empty() && !before.text("providerID").equals(spec.text("providerID"))) {
            problems.forbidden(
                    spec.get("providerID"), "node updates may not change providerID except from \"\" to valid");
        }
        for (String field : List.of("externalID", "configSource")) {
            if (!Trees.same(node.path("spec"), old.path("spec"), field)) {
                problems.add(FieldError.forbidden("", "node updates may only change labels, taints, or capacity"));
            }
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode node, ObjectNode old) {
        var problems = new Problems();
        status(Place.root(node).get("status"), problems);
        return problems.list();
    }

    @Override
    public List<String> selectableFields() {
        return List.of("spec.unschedulable=false");
    }

    private static void status(Place status, Problems problems) {
        ResourceRules.amounts(status.get("capacity"), problems);
        ResourceRules.amounts(status.get("allocatable"), problems);
        Set<String> seen = new HashSet<>();
        for (Place address : status.items("addresses")) {
            if (!seen.add(address.text("type") + " " + address.text("address"))) {
                problems.duplicate(address, address.node());
            }
        }
    }

    /** One range a family at most. */
    private static void ranges(Place ranges, Problems problems) {
        boolean valid = true;
        for (Place range : ranges.items()) {
            valid &= CommonRules.range(range, problems);
        }
        long six = ranges.texts().stream().filter(r -> r.contains(":")).count();
        if (ranges.node().size() > 2 || (valid && (six > 1 || ranges.node().size() - six > 1))) {
            problems.invalid(ranges, "may specify no more than one CIDR for each IP family");
        }
        problems.unique(ranges.items());
    }
}
