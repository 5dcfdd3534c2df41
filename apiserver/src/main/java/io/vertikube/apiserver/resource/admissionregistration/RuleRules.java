package io.vertikube.apiserver.resource.admissionregistration;

import io.vertikube.apiserver.cel.RequestScope;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.value.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Which requests a webhook or policy is asked about. Pure. */
final class RuleRules {

    private static final List<String> OPERATIONS = List.of("*", "CONNECT", "CREATE", "DELETE", "UPDATE");
    private static final int MAX_CONDITIONS = 64;

    private RuleRules() {}

    static void rule(Place rule, Problems problems) {
        some(rule.get("operations"), "operations", problems);
        if (!rule.get("operations").texts().contains("*")) {
            rule.items("operations").forEach(operation -> problems.supported(operation, OPERATIONS));
        }
        some(rule.get("apiGroups"), "API groups", problems);
        some(rule.get("apiVersions"), "API versions", problems);
        for (Place version : rule.items("apiVersions")) {
            problems.require(version, "");
        }
        resources(rule.get("resources"), problems);
        problems.supportedIfAny(rule.get("scope"), List.of("*", "Cluster", "Namespaced"));
    }

    private static void some(Place list, String what, Problems problems) {
        List<String> texts = list.texts();
        if (texts.isEmpty()) {
            problems.required(list);
        } else if (texts.size() > 1 && texts.contains("*")) {
            problems.invalid(list, "if '*' is present, must not specify other " + what);
        }
    }

    private static void resources(Place resources, Problems problems) {
        List<String> texts = resources.texts();
        if (texts.isEmpty()) {
            problems.required(resources);
            return;
        }
        boolean everyPart = texts.contains("*/*");
        if (everyPart && texts.size() > 1) {
            problems.invalid(resources, "if '*/*' is present, must not specify other resources");
        }
        for (Place resource : resources.items()) {
            String text = resource.text();
            if (text.isEmpty()) {
                problems.required(resource);
            } else if (!text.equals("*") && !text.contains("/") && texts.contains("*")) {
                problems.invalid(resource, "if '*' is present, must not specify other resources without subresources");
            } else if (text.contains("/")) {
                String[] parts = text.split("/", 2);
                if (!parts[1].equals("*") && texts.contains(parts[0] + "/*")) {
                    problems.invalid(resource, "if '" + parts[0] + "/*' is present, must not specify " + text);
                } else if (!parts[0].equals("*") && texts.contains("*/" + parts[1])) {
                    problems.invalid(resource, "if '*/" + parts[1] + "' is present, must not specify " + text);
                }
            }
        }
    }

    /** @param scope what conditions may speak of; asked if there are any */
    static void conditions(Place conditions, Supplier<RequestScope> scope, Problems problems) {
        if (!CommonRules.maxItems(conditions, MAX_CONDITIONS, problems) || conditions.empty()) {
            return;
        }
        var expressions = new ExpressionRules(scope.get(), problems);
        Set<String> names = new HashSet<>();
        for (Place condition : conditions.items()) {
            Place expression = condition.get("expression");
            if (expression.text().isBlank()) {
                problems.required(expression);
            } else {
                expressions.check(expression, RequestScope.Result.BOOL);
            }
            Place name = condition.get("name");
            if (problems.require(name, "")) {
                problems.check(name, Names::qualifiedName);
                if (!names.add(name.text())) {
                    problems.duplicate(name);
                }
            }
        }
    }

    /** {@code matchConstraints} and {@code matchResources} of policies and bindings. */
    static void matches(Place matches, Problems problems) {
        if (!matches.present()) {
            return;
        }
        problems.supportedIfAny(matches.get("matchPolicy"), List.of("Equivalent", "Exact"));
        LabelSelectorRules.validate(matches.get("namespaceSelector"), problems);
        LabelSelectorRules.validate(matches.get("objectSelector"), problems);
        for (String field : List.of("resourceRules", "excludeResourceRules")) {
            for (Place rule : matches.items(field)) {
                rule(rule, problems);
                Set<String> names = new HashSet<>();
                for (Place name : rule.items("resourceNames")) {
                    problems.check(name, Names::pathSegment);
                    if (!names.add(name.text())) {
                        problems.duplicate(name);
                    }
                }
            }
        }
    }

    static void failurePolicy(Place policy, Problems problems) {
        problems.supportedIfAny(policy, List.of("Fail", "Ignore"));
    }
}
