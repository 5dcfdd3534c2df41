package io.vertikube.apiserver.resource.core.pod;

import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.ObjectMetaRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where a pod may run: selectors, affinity, tolerations, spreading. Pure. */
public final class SchedulingRules {

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
    private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    private SchedulingRules() {}

    static void validate(Place spec, Problems problems) {
        ObjectMetaRules.labels(spec.get("nodeSelector"), problems);
        Place affinity = spec.get("affinity");
        nodeAffinity(affinity.get("nodeAffinity"), problems);
        podAffinity(affinity.get("podAffinity"), problems);
        podAffinity(affinity.get("podAntiAffinity"), problems);
        tolerations(spec.get("tolerations"), problems);
        spreading(spec.get("topologySpreadConstraints"), problems);
        var gates =
                spec.items("schedulingGates").stream().map(g -> g.get("name")).toList();
        gates.forEach(gate -> problems.check(gate, Names::qualifiedName));
        problems.unique(gates);
    }

    /** Tolerations of pods and runtime classes. */
    public static void tolerations(Place tolerations, Problems problems) {
        for (Place toleration : tolerations.items()) {
            problems.checkIfAny(toleration.get("key"), Names::labelKey);
            String operator = toleration.text("operator");
            if (toleration.get("key").empty() && !operator.equals("Exists")) {
                problems.invalid(
                        toleration.get("operator"),
                        "operator must be Exists when `key` is empty, which means"
                                + " \"match all values and all keys\"");
            }
            if (toleration.has("tolerationSeconds")
                    && !toleration.text("effect").equals("NoExecute")) {
                problems.invalid(
                        toleration.get("effect"), "effect must be 'NoExecute' when `tolerationSeconds` is set");
            }
            switch (operator) {
                case "", "Equal" ->
                    problems.invalid(
                            toleration.get("operator").at(toleration.path() + ".operator"),
                            toleration.get("value").empty() ? List.of() : Names.labelValue(toleration.text("value")));
                case "Exists" -> {
                    if (!toleration.get("value").empty()) {
                        problems.add(FieldError.invalid(
                                toleration.path() + ".operator",
                                toleration.node(),
                                "value must be empty when `operator` is 'Exists'"));
                    }
                }
                case "Gt", "Lt" -> {
                    if (!toleration.text("value").matches("-?[0-9]{1,18}")) {
                        problems.invalid(
                                toleration.get("value"), "must be an integer when `operator` is '" + operator + "'");
                    }
                }
                default -> problems.supported(toleration.get("operator"), List.of("Equal", "Exists"));
            }
            problems.supportedIfAny(toleration.get("effect"), EFFECTS);
        }
    }

    /** Taints of nodes and devices. */
    public static void taints(Place taints, List<String> effects, Problems problems) {
        Set<String> seen = new HashSet<>();
        for (Place taint : taints.items()) {
            problems.check(taint.get("key"), Names::labelKey);
            problems.checkIfAny(taint.get("value"), Names::labelValue);
            Place effect = taint.get("effect");
            if (problems.require(effect, "")) {
                problems.supported(effect, effects);
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

    /** A node selector with its terms. */
    public static void nodeSelector(Place selector, Problems problems) {
        Place terms = selector.get("nodeSelectorTerms");
        if (terms.empty()) {
            problems.required(terms, "must have at least one node selector term");
        }
        terms.items().forEach(term -> nodeSelectorTerm(term, problems));
    }

    private static void nodeAffinity(Place affinity, Problems problems) {
        if (affinity.has(REQUIRED)) {
            nodeSelector(affinity.get(REQUIRED), problems);
        }
        for (Place preferred : affinity.items(PREFERRED)) {
            weight(preferred, problems);
            nodeSelectorTerm(preferred.get("preference"), problems);
        }
    }

    private static void nodeSelectorTerm(Place term, Problems problems) {
        for (Place expression : term.items("matchExpressions")) {
            requirement(expression, problems);
            problems.check(expression.get("key"), Names::labelKey);
            expression.get("values").items().forEach(v -> problems.check(v, Names::labelValue));
        }
        for (Place field : term.items("matchFields")) {
            String operator = field.text("operator");
            if (operator.equals("In") || operator.equals("NotIn")) {
                if (field.get("values").node().size() != 1) {
                    problems.required(
                            field.get("values"),
                            "must be only one value when `operator` is 'In' or 'NotIn' for" + " node field selector");
                }
            } else {
                problems.invalid(field.get("operator"), "not a valid selector operator");
            }
            if (!field.text("key").equals("metadata.name")) {
                problems.invalid(field.get("key"), "not a valid field selector key");
            }
        }
    }

    private static void requirement(Place requirement, Problems problems) {
        if (LabelSelectorRules.takesItsValues(requirement, problems)) {
            return;
        }
        Place values = requirement.get("values");
        switch (requirement.text("operator")) {
            case "Gt", "Lt" -> {
                if (values.node().size() != 1) {
                    problems.required(values, "must be specified single value when `operator` is 'Lt' or 'Gt'");
                }
            }
            default -> problems.invalid(requirement.get("operator"), "not a valid selector operator");
        }
    }

    private static void podAffinity(Place affinity, Problems problems) {
        affinity.items(REQUIRED).forEach(term -> podTerm(term, problems));
        for (Place preferred : affinity.items(PREFERRED)) {
            weight(preferred, problems);
            podTerm(preferred.get("podAffinityTerm"), problems);
        }
    }

    private static void podTerm(Place term, Problems problems) {
        LabelSelectorRules.validate(term.get("labelSelector"), problems);
        LabelSelectorRules.validate(term.get("namespaceSelector"), problems);
        for (Place namespace : term.items("namespaces")) {
            problems.invalid(namespace.at(namespace.path()), Problems.dnsLabel(namespace.text()));
        }
        matchLabelKeys(term, problems);
        Place key = term.get("topologyKey");
        if (key.empty()) {
            problems.required(key, "can not be empty");
        }
        problems.check(key, Names::labelKey);
    }

    private static void matchLabelKeys(Place term, Problems problems) {
        for (String field : List.of("matchLabelKeys", "mismatchLabelKeys")) {
            if (!term.get(field).empty() && !term.has("labelSelector")) {
                problems.forbidden(term.get(field), "must not be specified when labelSelector is not set");
            }
            term.items(field).forEach(key -> problems.check(key, Names::labelKey));
        }
        List<String> not = term.get("mismatchLabelKeys").texts();
        for (Place key : term.items("matchLabelKeys")) {
            if (not.contains(key.text())) {
                problems.invalid(key, "exists in both matchLabelKeys and mismatchLabelKeys");
            }
        }
    }

    private static void weight(Place preferred, Problems problems) {
        long weight = preferred.number("weight", 0);
        if (weight < 1 || weight > 100) {
            problems.invalid(preferred.get("weight"), "must be in the range 1-100");
        }
    }

    private static void spreading(Place constraints, Problems problems) {
        Set<String> pairs = new HashSet<>();
        for (Place constraint : constraints.items()) {
            if (constraint.number("maxSkew", 0) <= 0) {
                problems.invalid(constraint.get("maxSkew"), "must be greater than zero");
            }
            if (problems.require(constraint.get("topologyKey"), "can not be empty")) {
                problems.check(constraint.get("topologyKey"), Names::labelKey);
            }
            problems.supported(constraint.get("whenUnsatisfiable"), List.of("DoNotSchedule", "ScheduleAnyway"));
            String pair = "{" + constraint.text("topologyKey") + ", " + constraint.text("whenUnsatisfiable") + "}";
            if (!pairs.add(pair)) {
                problems.duplicate(constraint.at(constraint.path() + ".{topologyKey, whenUnsatisfiable}"), pair);
            }
            if (constraint.has("minDomains")) {
                problems.positive(constraint.get("minDomains"));
                if (!constraint.text("whenUnsatisfiable").equals("DoNotSchedule")) {
                    problems.invalid(
                            constraint.get("minDomains"),
                            "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not "
                                    + constraint.text("whenUnsatisfiable"));
                }
            }
            problems.supportedIfAny(constraint.get("nodeAffinityPolicy"), List.of("Honor", "Ignore"));
            problems.supportedIfAny(constraint.get("nodeTaintsPolicy"), List.of("Honor", "Ignore"));
            LabelSelectorRules.validate(constraint.get("labelSelector"), problems);
            matchLabelKeys(constraint, problems);
        }
    }
}
