package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.pod.ResourceRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Cidr;
import io.vertikube.value.Names;
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
        Trees.object(node, "spec");
        Trees.object(node, "status");
    }

    @Override
    public boolean keepsStatusOnCreate() {
        return true;
    }

    @Override
    public List<FieldError> validate(ObjectNode node) {
        var problems = new Problems();
        Place spec = Place.root(node).get("spec");
        taints(spec.get("taints"), problems);
        for (Place range : spec.items("podCIDRs")) {
            cidr(range, problems);
        }
        if (!spec.get("podCIDR").empty()) {
            cidr(spec.get("podCIDR"), problems);
        }
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

    private static void taints(Place taints, Problems problems) {
        Set<String> seen = new HashSet<>();
        for (Place taint : taints.items()) {
            problems.check(taint.get("key"), Names::labelKey);
            problems.checkIfAny(taint.get("value"), Names::labelValue);
            Place effect = taint.get("effect");
            if (problems.require(effect, "")) {
                problems.supported(effect, EFFECTS);
            }
            if (!seen.add(taint.text("key") + " " + effect.text())) {
                problems.add(new FieldError(
                        FieldError.Kind.DUPLICATE,
                        taint.path(),
                        taint.node(),
                        "taints must be unique by key and effect pair"));
            }
        }
    }

    private static void cidr(Place range, Problems problems) {
        try {
            Cidr.parse(range.text());
        } catch (IllegalArgumentException e) {
            problems.invalid(range, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
        }
    }
}
