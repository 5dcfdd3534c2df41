package io.vertikube.apiserver.resource.meta;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.FieldError;
import io.vertikube.value.LabelRequirements;
import io.vertikube.value.LabelRequirements.Operator;
import io.vertikube.value.LabelRequirements.Requirement;
import io.vertikube.value.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Label selectors inside objects ("LabelSelector" in the API reference). Pure. */
public final class LabelSelectorRules {

    private LabelSelectorRules() {}

    public static void validate(Place selector, Problems problems) {
        ObjectMetaRules.labels(selector.get("matchLabels"), problems);
        for (Place expression : selector.items("matchExpressions")) {
            if (!takesItsValues(expression, problems)) {
                problems.invalid(expression.get("operator"), "not a valid selector operator");
            }
            problems.check(expression.get("key"), Names::labelKey);
            expression.items("values").forEach(value -> problems.check(value, Names::labelValue));
        }
    }

    /** Says whether there are values where the operator wants them; false, and nothing said, for operators of others. */
    public static boolean takesItsValues(Place requirement, Problems problems) {
        Place values = requirement.get("values");
        switch (requirement.text("operator")) {
            case "In", "NotIn" -> {
                if (values.empty()) {
                    problems.required(values, "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!values.empty()) {
                    problems.forbidden(values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A plain map of labels used as a selector. */
    public static void validateMap(Place selector, Problems problems) {
        ObjectMetaRules.labels(selector, problems);
    }

    public static boolean isEmpty(JsonNode selector) {
        return selector.path("matchLabels").isEmpty()
                && selector.path("matchExpressions").isEmpty();
    }

    /** The selector, ready to match; an {@link IllegalArgumentException} if it is not valid. */
    public static LabelRequirements parse(JsonNode selector) {
        var requirements = new ArrayList<Requirement>();
        Trees.strings(selector.path("matchLabels"))
                .forEach((key, value) -> requirements.add(new Requirement(key, Operator.IN, Set.of(value))));
        for (JsonNode expression : selector.path("matchExpressions")) {
            requirements.add(new Requirement(
                    expression.path("key").asText(),
                    operator(expression.path("operator").asText()),
                    Set.copyOf(Trees.texts(expression.path("values")))));
        }
        return new LabelRequirements(requirements);
    }

    /** Says what is wrong with a required selector that must match its template's labels. */
    public static void matchesTemplate(Place selector, Place templateLabels, Problems problems) {
        int before = problems.list().size();
        validate(selector, problems);
        if (isEmpty(selector.node())) {
            problems.add(FieldError.invalid(
                    selector.path(), selector.shown(), "empty selector is invalid for this resource"));
        } else if (problems.list().size() == before && !parse(selector.node()).matches(templateLabels.strings())) {
            problems.add(FieldError.invalid(
                    templateLabels.path(), templateLabels.node(), "`selector` does not match template `labels`"));
        }
    }

    private static Operator operator(String name) {
        List<Operator> all = List.of(Operator.IN, Operator.NOT_IN, Operator.EXISTS, Operator.DOES_NOT_EXIST);
        int index = List.of("In", "NotIn", "Exists", "DoesNotExist").indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("\"" + name + "\" is not a valid label selector operator");
        }
        return all.get(index);
    }
}
