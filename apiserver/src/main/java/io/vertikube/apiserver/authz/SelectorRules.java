package io.vertikube.apiserver.authz;

import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;

/**
 * The selectors of an access review ("fieldSelector" and "labelSelector" of ResourceAttributes in the API reference):
 * either as text or as requirements, of which words that nobody knows yet may be part. Pure.
 */
final class SelectorRules {

    private SelectorRules() {}

    static void validate(Place attributes, Problems problems) {
        for (String field : List.of("fieldSelector", "labelSelector")) {
            Place selector = attributes.get(field);
            if (selector.present()) {
                validate(selector, field.equals("labelSelector"), problems);
            }
        }
    }

    private static void validate(Place selector, boolean labels, Problems problems) {
        boolean raw = !selector.text("rawSelector").isEmpty();
        boolean apart = !selector.get("requirements").empty();
        if (raw && apart) {
            problems.invalid(selector.get("rawSelector"), "may not specified at the same time as requirements");
        } else if (!raw && !apart) {
            problems.required(
                    selector.get("requirements"),
                    "when " + selector.path() + " is specified, requirements or rawSelector is required");
        }
        for (Place requirement : selector.items("requirements")) {
            requirement(requirement, labels, problems);
        }
    }

    private static void requirement(Place requirement, boolean labels, Problems problems) {
        // Operators that later clients know are for authorizers to judge.
        LabelSelectorRules.takesItsValues(requirement, problems);
        Place key = requirement.get("key");
        if (labels) {
            for (String sentence : Names.qualifiedName(key.text())) {
                problems.add(FieldError.invalid(key.path(), key.text(), sentence));
            }
            requirement.items("values").forEach(value -> problems.check(value, Names::labelValue));
        } else if (key.text().isEmpty()) {
            problems.required(key, "must be specified");
        }
    }
}
