package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import io.vertikube.value.Quantities;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The rules of limit ranges. Pure. */
public final class LimitRangeStrategy implements Strategy {

    @Override
    public void applyDefaults(ObjectNode range) {
        for (ObjectNode limit : Trees.objects(range.path("spec"), "limits")) {
            if (limit.path("type").asText().equals("Container")) {
                fill(limit, "default", "max");
                fill(limit, "defaultRequest", "default");
                fill(limit, "defaultRequest", "min");
            }
        }
    }

    private static void fill(ObjectNode limit, String field, String from) {
        if (limit.path(from).isEmpty()) {
            return;
        }
        ObjectNode target = Trees.object(limit, field);
        limit.path(from).properties().forEach(e -> {
            if (!target.has(e.getKey())) {
                target.set(e.getKey(), e.getValue().deepCopy());
            }
        });
    }

    @Override
    public List<FieldError> validate(ObjectNode range) {
        var problems = new Problems();
        Set<String> types = new HashSet<>();
        for (Place limit : Place.root(range).get("spec").items("limits")) {
            Place type = limit.get("type");
            problems.check(type, Names::qualifiedName);
            if (!types.add(type.text())) {
                problems.duplicate(type);
            }
            if (type.text().equals("Pod")) {
                for (String field : List.of("default", "defaultRequest")) {
                    if (!limit.get(field).empty()) {
                        problems.forbidden(limit.get(field), "may not be specified when `type` is 'Pod'");
                    }
                }
            }
            if (type.text().equals("PersistentVolumeClaim")
                    && !limit.get("min").node().has("storage")
                    && !limit.get("max").node().has("storage")) {
                problems.required(
                        limit, "either minimum or maximum storage value is required, but neither was provided");
            }
            amounts(limit, problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode range, ObjectNode old) {
        return validate(range);
    }

    private static void amounts(Place limit, Problems problems) {
        var names = new TreeSet<String>();
        for (String field : List.of("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")) {
            limit.get(field).entries().forEach((name, amount) -> {
                names.add(name);
                if (!Quantities.isQuantity(amount.text())) {
                    problems.invalid(amount, Quantities.PATTERN_SENTENCE);
                }
            });
        }
        limit.get("maxLimitRequestRatio").entries().forEach((name, ratio) -> {
            if (Quantities.isQuantity(ratio.text())
                    && Quantities.parse(ratio.text()).compareTo(BigDecimal.ONE) < 0) {
                problems.invalid(ratio, "ratio " + ratio.text() + " is less than 1");
            }
        });
        for (String name : names) {
            atMost(limit, "min", "max", name, problems);
            atMost(limit, "min", "defaultRequest", name, problems);
            atMost(limit, "defaultRequest", "max", name, problems);
            atMost(limit, "defaultRequest", "default", name, problems);
            atMost(limit, "min", "default", name, problems);
            atMost(limit, "default", "max", name, problems);
        }
    }

    private static void atMost(Place limit, String less, String more, String name, Problems problems) {
        Place small = limit.get(less).key(name);
        Place large = limit.get(more).key(name);
        if (!Quantities.isQuantity(small.text()) || !Quantities.isQuantity(large.text())) {
            return;
        }
        BigDecimal lower = Quantities.parse(small.text());
        if (lower.compareTo(Quantities.parse(large.text())) > 0) {
            problems.invalid(
                    small, less + " value " + small.text() + " is greater than " + more + " value " + large.text());
        }
    }
}
