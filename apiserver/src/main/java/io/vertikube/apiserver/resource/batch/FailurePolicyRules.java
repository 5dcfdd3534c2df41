package io.vertikube.apiserver.resource.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** When a job fails, goes on or has done enough (KEP-3329, KEP-3998). Pure but for the tree that defaults change. */
final class FailurePolicyRules {

    private static final List<String> ACTIONS = List.of("Count", "FailIndex", "FailJob", "Ignore");

    private static final int MAX_RULES = 20;
    private static final int MAX_CODES = 255;
    private static final int MAX_PATTERNS = 20;
    private static final int MAX_INDEXES_BYTES = 64 * 1024;

    private FailurePolicyRules() {}

    /** A condition counts when it is true, unless another state is named. */
    static void applyDefaults(JsonNode spec) {
        for (ObjectNode rule : Trees.objects(spec.path("podFailurePolicy"), "rules")) {
            Trees.objects(rule, "onPodConditions").forEach(p -> Trees.setIfAbsent(p, "status", "True"));
        }
    }

    static void failure(Place spec, Problems problems) {
        Place policy = spec.get("podFailurePolicy");
        if (!policy.present()) {
            return;
        }
        if (!CommonRules.maxItems(policy.get("rules"), MAX_RULES, problems)) {
            return;
        }
        Set<String> containers = new HashSet<>();
        Place pod = spec.get("template", "spec");
        Stream.concat(pod.items("containers").stream(), pod.items("initContainers").stream())
                .forEach(container -> containers.add(container.text("name")));
        boolean perIndex = spec.has("backoffLimitPerIndex");
        for (Place rule : policy.items("rules")) {
            Place action = rule.get("action");
            if (action.text().equals("FailIndex") && !perIndex) {
                problems.invalid(action, "requires the backoffLimitPerIndex to be set");
            } else if (problems.require(action, "valid values: \"" + String.join("\", \"", ACTIONS) + "\"")) {
                problems.supported(action, ACTIONS);
            }
            boolean codes = rule.has("onExitCodes");
            boolean conditions = !rule.get("onPodConditions").empty();
            if (codes && conditions) {
                problems.invalid(rule, "specifying both OnExitCodes and OnPodConditions is not supported");
            } else if (!codes && !conditions) {
                problems.invalid(rule, "specifying one of OnExitCodes and OnPodConditions is required");
            } else if (codes) {
                exitCodes(rule.get("onExitCodes"), containers, problems);
            } else {
                podConditions(rule.get("onPodConditions"), problems);
            }
        }
    }

    private static void exitCodes(Place rule, Set<String> containers, Problems problems) {
        Place operator = rule.get("operator");
        if (problems.require(operator, "valid values: \"In\", \"NotIn\"")) {
            problems.supported(operator, List.of("In", "NotIn"));
        }
        Place container = rule.get("containerName");
        if (container.present() && !containers.contains(container.text())) {
            problems.invalid(container, "must be one of the container or initContainer names in the pod template");
        }
        Place values = rule.get("values");
        if (values.empty()) {
            problems.invalid(values, "at least one value is required");
        } else if (values.node().size() > MAX_CODES) {
            problems.add(FieldError.tooMany(values.path(), values.node().size(), MAX_CODES));
        }
        Set<Long> seen = new HashSet<>();
        long before = Long.MIN_VALUE;
        boolean ordered = true;
        for (Place value : values.items()) {
            long code = value.number(0);
            if (operator.text().equals("In") && code == 0) {
                problems.invalid(value, "must not be 0 for the In operator");
            }
            if (!seen.add(code)) {
                problems.duplicate(value);
            }
            ordered &= code >= before;
            before = code;
        }
        if (!ordered) {
            problems.invalid(values, "must be ordered");
        }
    }

    private static void podConditions(Place patterns, Problems problems) {
        CommonRules.maxItems(patterns, MAX_PATTERNS, problems);
        for (Place pattern : patterns.items()) {
            problems.check(pattern.get("type"), Names::qualifiedName);
            Place status = pattern.get("status");
            if (problems.require(status, "valid values: \"False\", \"True\", \"Unknown\"")) {
                problems.supported(status, List.of("False", "True", "Unknown"));
            }
        }
    }

    static void success(Place spec, Problems problems) {
        Place policy = spec.get("successPolicy");
        if (!policy.present()) {
            return;
        }
        if (!spec.text("completionMode").equals("Indexed")) {
            problems.invalid(policy, "requires indexed completion mode");
            return;
        }
        Place rules = policy.get("rules");
        if (rules.empty()) {
            problems.required(rules, "at least one rules must be specified when the successPolicy is specified");
        }
        if (!CommonRules.maxItems(rules, MAX_RULES, problems)) {
            return;
        }
        long completions = spec.number("completions", 0);
        for (Place rule : rules.items()) {
            Place indexes = rule.get("succeededIndexes");
            Place count = rule.get("succeededCount");
            if (!indexes.present() && !count.present()) {
                problems.required(rule, "at least one of succeededCount or succeededIndexes must be specified");
                continue;
            }
            problems.positive(count);
            CommonRules.maxBytes(indexes, MAX_INDEXES_BYTES, problems);
            if (indexes.present() && !indexesFit(indexes.text(), completions)) {
                problems.invalid(indexes, "error parsing succeededIndexes");
            }
            if (count.number(0) > completions) {
                problems.invalid(
                        count,
                        "must be less than or equal to " + completions + " (the number of specified" + " completions)");
            }
        }
    }

    /** Numbers and ranges, ascending, below the number of completions: {@code 1,3-5,7}. */
    private static boolean indexesFit(String text, long completions) {
        long last = -1;
        for (String part : text.split(",", -1)) {
            if (!part.matches("[0-9]{1,9}(-[0-9]{1,9})?")) {
                return false;
            }
            String[] ends = part.split("-", -1);
            long first = Long.parseLong(ends[0]);
            long end = Long.parseLong(ends[ends.length - 1]);
            if (first <= last || end < first || end >= completions) {
                return false;
            }
            last = end;
        }
        return true;
    }
}
