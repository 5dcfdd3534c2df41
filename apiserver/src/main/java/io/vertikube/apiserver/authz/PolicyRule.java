package io.vertikube.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import java.util.ArrayList;
import java.util.List;

/** One rule of a Role or ClusterRole ("PolicyRule" in the API reference). Immutable. */
public record PolicyRule(
        List<String> verbs,
        List<String> apiGroups,
        List<String> resources,
        List<String> resourceNames,
        List<String> nonResourceUrls) {

    public PolicyRule {
        verbs = List.copyOf(verbs);
        apiGroups = List.copyOf(apiGroups);
        resources = List.copyOf(resources);
        resourceNames = List.copyOf(resourceNames);
        nonResourceUrls = List.copyOf(nonResourceUrls);
    }

    public static PolicyRule of(JsonNode rule) {
        return new PolicyRule(
                Trees.texts(rule.path("verbs")),
                Trees.texts(rule.path("apiGroups")),
                Trees.texts(rule.path("resources")),
                Trees.texts(rule.path("resourceNames")),
                Trees.texts(rule.path("nonResourceURLs")));
    }

    /** The rules of a role's tree. */
    public static List<PolicyRule> all(JsonNode rules) {
        var all = new ArrayList<PolicyRule>();
        rules.forEach(rule -> all.add(of(rule)));
        return List.copyOf(all);
    }

    public boolean allows(Attributes a) {
        if (!matches(verbs, a.verb())) {
            return false;
        }
        return a.resourceRequest()
                ? matches(apiGroups, a.group())
                        && coversResource(a.combinedResource(), a.subresource())
                        && (resourceNames.isEmpty() || resourceNames.contains(a.name()))
                : nonResourceUrls.stream().anyMatch(url -> coversUrl(url, a.path()));
    }

    /** Whether whoever has this rule may also give away {@code other}, which names one of each thing. */
    boolean covers(PolicyRule other) {
        boolean verbsCovered = coversAll(verbs, other.verbs);
        if (!other.nonResourceUrls.isEmpty()) {
            return verbsCovered
                    && other.nonResourceUrls.stream()
                            .allMatch(wanted -> nonResourceUrls.stream().anyMatch(url -> coversUrl(url, wanted)));
        }
        boolean namesCovered = resourceNames.isEmpty()
                || (!other.resourceNames.isEmpty() && resourceNames.containsAll(other.resourceNames));
        return verbsCovered
                && coversAll(apiGroups, other.apiGroups)
                && other.resources.stream().allMatch(this::coversResource)
                && namesCovered;
    }

    /** This rule as many rules that each name one group, resource, verb and name. */
    List<PolicyRule> split() {
        var parts = new ArrayList<PolicyRule>();
        for (String verb : verbs) {
            for (String url : nonResourceUrls) {
                parts.add(new PolicyRule(List.of(verb), List.of(), List.of(), List.of(), List.of(url)));
            }
            for (String group : apiGroups) {
                for (String resource : resources) {
                    List<List<String>> names = resourceNames.isEmpty()
                            ? List.of(List.of())
                            : resourceNames.stream().map(List::of).toList();
                    for (List<String> name : names) {
                        parts.add(new PolicyRule(List.of(verb), List.of(group), List.of(resource), name, List.of()));
                    }
                }
            }
        }
        return parts;
    }

    /** The form that sentences about missing permissions show. */
    String shown() {
        var parts = new ArrayList<String>();
        add(parts, "APIGroups", apiGroups);
        add(parts, "Resources", resources);
        add(parts, "ResourceNames", resourceNames);
        add(parts, "NonResourceURLs", nonResourceUrls);
        add(parts, "Verbs", verbs);
        return "{" + String.join(", ", parts) + "}";
    }

    /** The API's own form. */
    public ObjectNode toTree() {
        ObjectNode rule = Trees.newObject();
        rule.set("verbs", Trees.arrayOf(verbs));
        if (!apiGroups.isEmpty()) {
            rule.set("apiGroups", Trees.arrayOf(apiGroups));
        }
        if (!resources.isEmpty()) {
            rule.set("resources", Trees.arrayOf(resources));
        }
        if (!resourceNames.isEmpty()) {
            rule.set("resourceNames", Trees.arrayOf(resourceNames));
        }
        if (!nonResourceUrls.isEmpty()) {
            rule.set("nonResourceURLs", Trees.arrayOf(nonResourceUrls));
        }
        return rule;
    }

    private static void add(List<String> parts, String name, List<String> values) {
        if (!values.isEmpty()) {
            parts.add(name + ":["
                    + String.join(", ", values.stream().map(v -> '"' + v + '"').toList()) + "]");
        }
    }

    private boolean coversResource(String combined) {
        int slash = combined.indexOf('/');
        return coversResource(combined, slash < 0 ? "" : combined.substring(slash + 1));
    }

    private boolean coversResource(String combined, String subresource) {
        for (String resource : resources) {
            if (resource.equals("*") || resource.equals(combined)) {
                return true;
            }
            if (!subresource.isEmpty()
                    && resource.startsWith("*/")
                    && resource.substring(2).equals(subresource)) {
                return true;
            }
        }
        return false;
    }

    private static boolean coversUrl(String url, String path) {
        return url.equals("*")
                || url.equals(path)
                || (url.endsWith("*") && path.startsWith(url.substring(0, url.length() - 1)));
    }

    private static boolean matches(List<String> allowed, String value) {
        return allowed.contains("*") || allowed.contains(value);
    }

    private static boolean coversAll(List<String> allowed, List<String> wanted) {
        return allowed.contains("*") || allowed.containsAll(wanted);
    }
}
