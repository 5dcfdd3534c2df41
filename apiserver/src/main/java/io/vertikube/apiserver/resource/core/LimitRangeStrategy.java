package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.pod.ResourceRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import io.vertikube.value.Quantities;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The rules of limit ranges. Pure. */
public final class LimitRangeStrategy implements Strategy {

    private static final Set<String> TYPES = Set.of("Pod", "Container", "PersistentVolumeClaim");

    private static final List<Order> ORDERS = List.of(
            new Order("min", "min", "max", "max", "min"),
            new Order("min", "min", "defaultRequest", "default request", "defaultRequest"),
            new Order("defaultRequest", "default request", "max", "max", "defaultRequest"),
            new Order("defaultRequest", "default request", "default", "default limit", "defaultRequest"),
            new Order("min", "min", "default", "default", "default"),
            new Order("default", "default", "max", "max", "default"));

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
            if (!type.text().contains("/") && !TYPES.contains(type.text())) {
                problems.invalid(type, "must be a standard limit type or fully qualified");
            }
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
                name(limit, limit.get(field), name, problems);
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
            for (Order order : ORDERS) {
                order.check(limit, name, problems);
            }
            ratio(limit, name, problems);
        }
    }

    /** Amounts of containers are of what containers have; other things may be counted in anything. */
    private static void name(Place limit, Place map, String name, Problems problems) {
        boolean pods = Set.of("Pod", "Container").contains(limit.text("type"));
        List<String> wrong = Names.qualifiedName(name);
        for (String sentence : wrong) {
            problems.add(FieldError.invalid(map.path() + "[" + name + "]", name, sentence));
        }
        if (pods && wrong.isEmpty() && !ResourceRules.isOfContainers(name)) {
            problems.add(FieldError.invalid(
                    map.path() + "[" + name + "]", name, "must be a standard resource for containers"));
        }
    }

    /** No request could be so much less than its limit. */
    private static void ratio(Place limit, String name, Problems problems) {
        Place ratio = limit.get("maxLimitRequestRatio").key(name);
        Place least = limit.get("min").key(name);
        Place most = limit.get("max").key(name);
        if (!Quantities.isQuantity(ratio.text())
                || !Quantities.isQuantity(least.text())
                || !Quantities.isQuantity(most.text())) {
            return;
        }
        double widest = Quantities.parse(most.text()).doubleValue()
                / Quantities.parse(least.text()).doubleValue();
        if (Quantities.parse(ratio.text()).doubleValue() > widest) {
            problems.invalid(
                    ratio, String.format(Locale.ROOT, "ratio %s is greater than max/min = %f", ratio.text(), widest));
        }
    }

    /**
     * Two amounts of which one is not larger than the other.
     *
     * @param told which of the two a refusal shows
     */
    private record Order(String less, String lessWords, String more, String moreWords, String told) {

        void check(Place limit, String name, Problems problems) {
            Place small = limit.get(less).key(name);
            Place large = limit.get(more).key(name);
            if (Quantities.isQuantity(small.text())
                    && Quantities.isQuantity(large.text())
                    && Quantities.parse(small.text()).compareTo(Quantities.parse(large.text())) > 0) {
                problems.invalid(
                        limit.get(told).key(name),
                        lessWords + " value " + small.text() + " is greater than " + moreWords + " value "
                                + large.text());
            }
        }
    }
}
