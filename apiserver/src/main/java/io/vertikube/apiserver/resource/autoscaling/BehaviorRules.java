package io.vertikube.apiserver.resource.autoscaling;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.core.pod.ResourceRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import java.util.List;

/** How fast an autoscaler may go up and down (KEP-853). Pure but for the tree that defaults change. */
final class BehaviorRules {

    private static final int MAX_WINDOW_SECONDS = 3600;
    private static final int MAX_PERIOD_SECONDS = 1800;

    private BehaviorRules() {}

    /** Once one half of the behaviour is said, both are filled in. */
    static void applyDefaults(ObjectNode behavior) {
        ObjectNode up = Trees.object(behavior, "scaleUp");
        Trees.setIfAbsent(up, "stabilizationWindowSeconds", 0);
        Trees.setIfAbsent(up, "selectPolicy", "Max");
        if (Trees.absent(up, "policies")) {
            ArrayNode policies = up.putArray("policies");
            policy(policies, "Pods", 4);
            policy(policies, "Percent", 100);
        }
        ObjectNode down = Trees.object(behavior, "scaleDown");
        Trees.setIfAbsent(down, "selectPolicy", "Max");
        if (Trees.absent(down, "policies")) {
            policy(down.putArray("policies"), "Percent", 100);
        }
    }

    private static void policy(ArrayNode policies, String type, int value) {
        policies.addObject().put("type", type).put("value", value).put("periodSeconds", 15);
    }

    static void validate(Place behavior, Problems problems) {
        for (String direction : List.of("scaleUp", "scaleDown")) {
            if (behavior.has(direction)) {
                rules(behavior.get(direction), problems);
            }
        }
    }

    private static void rules(Place rules, Problems problems) {
        Place window = rules.get("stabilizationWindowSeconds");
        if (window.number(0) < 0) {
            problems.invalid(window, "must be greater than or equal to zero");
        }
        if (window.number(0) > MAX_WINDOW_SECONDS) {
            problems.invalid(window, "must be less than or equal to " + MAX_WINDOW_SECONDS);
        }
        if (rules.has("tolerance")) {
            ResourceRules.notNegative(rules.get("tolerance"), problems);
        }
        problems.supportedIfAny(rules.get("selectPolicy"), List.of("Disabled", "Max", "Min"));
        if (rules.get("policies").empty()) {
            problems.required(rules.get("policies"), "must specify at least one Policy");
        }
        for (Place policy : rules.items("policies")) {
            problems.supported(policy.get("type"), List.of("Percent", "Pods"));
            if (policy.number("value", 0) <= 0) {
                problems.invalid(policy.get("value"), "must be greater than zero");
            }
            if (policy.number("periodSeconds", 0) <= 0) {
                problems.invalid(policy.get("periodSeconds"), "must be greater than zero");
            }
            if (policy.number("periodSeconds", 0) > MAX_PERIOD_SECONDS) {
                problems.invalid(policy.get("periodSeconds"), "must be less than or equal to " + MAX_PERIOD_SECONDS);
            }
        }
    }
}
