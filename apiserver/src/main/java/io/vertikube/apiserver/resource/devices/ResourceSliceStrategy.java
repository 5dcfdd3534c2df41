package io.vertikube.apiserver.resource.devices;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.pod.SchedulingRules;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of what devices a driver offers: driver, pool and node never change. Pure. */
public final class ResourceSliceStrategy implements Strategy {

    private static final int MAX_DEVICES = 128;
    private static final int MAX_ATTRIBUTES = 32;
    private static final int MAX_POOL_NAME = 253;

    @Override
    public List<FieldError> validate(ObjectNode slice) {
        var problems = new Problems();
        Place spec = Place.root(slice).get("spec");
        CommonRules.driverName(spec.get("driver"), problems);
        pool(spec.get("pool"), problems);
        where(spec, problems);
        if (!CommonRules.maxItems(spec.get("devices"), MAX_DEVICES, problems)) {
            return problems.list();
        }
        Set<String> names = new HashSet<>();
        for (Place device : spec.items("devices")) {
            device(device, names, problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode slice, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(slice));
        Place spec = Place.root(slice).get("spec");
        Place before = Place.root(old).get("spec");
        for (String field : List.of("driver", "nodeName", "nodeSelector", "allNodes")) {
            problems.immutable(spec.get(field), before.get(field));
        }
        problems.immutable(spec.get("pool", "name"), before.get("pool", "name"));
        return problems.list();
    }

    @Override
    public List<String> selectableFields() {
        return List.of("spec.nodeName", "spec.driver");
    }

    private static void pool(Place pool, Problems problems) {
        Place name = pool.get("name");
        if (problems.require(name, "")) {
            if (name.text().length() > MAX_POOL_NAME) {
                problems.add(FieldError.tooLong(name.path(), MAX_POOL_NAME));
            }
            for (String part : name.text().split("/", -1)) {
                Names.dnsSubdomain(part)
                        .forEach(sentence -> problems.add(FieldError.invalid(name.path(), part, sentence)));
            }
        }
        if (pool.number("resourceSliceCount", 0) <= 0) {
            problems.invalid(pool.get("resourceSliceCount"), "must be greater than zero");
        }
        if (pool.number("generation", 0) < 0) {
            problems.invalid(pool.get("generation"), "must be greater than or equal to zero");
        }
    }

    private static void where(Place spec, Problems problems) {
        List<String> given = List.of("nodeName", "nodeSelector", "allNodes", "perDeviceNodeSelection").stream()
                .filter(spec::has)
                .toList();
        String choice = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
        if (given.isEmpty()) {
            problems.required(spec, choice);
        } else if (given.size() > 1) {
            problems.invalid(spec, choice);
        }
        for (String flag : List.of("allNodes", "perDeviceNodeSelection")) {
            if (spec.has(flag) && !spec.is(flag)) {
                problems.invalid(spec.get(flag), "must be either unset or set to true");
            }
        }
        if (spec.has("nodeName")) {
            problems.check(spec.get("nodeName"), Names::dnsSubdomain);
        }
        if (spec.has("nodeSelector")) {
            SchedulingRules.nodeSelector(spec.get("nodeSelector"), problems);
        }
    }

    private static void device(Place device, Set<String> names, Problems problems) {
        Place name = device.get("name");
        if (problems.require(name, "")) {
            problems.check(name, Problems::dnsLabel);
            if (!names.add(name.text())) {
                problems.duplicate(name);
            }
        }
        int entries = device.get("attributes").node().size()
                + device.get("capacity").node().size();
        if (entries > MAX_ATTRIBUTES) {
            problems.invalid(device, "the total number of attributes and capacities must not exceed " + MAX_ATTRIBUTES);
        }
        for (Place attribute : device.get("attributes").entries().values()) {
            long values =
                    attribute.entries().values().stream().filter(Place::present).count();
            if (values == 0) {
                problems.required(attribute, "exactly one value must be specified");
            } else if (values > 1) {
                problems.invalid(attribute, "exactly one value must be specified");
            }
        }
        SchedulingRules.taints(device.get("taints"), List.of("NoExecute", "NoSchedule", "None"), problems);
    }
}
