package io.vertikube.apiserver.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.schema.Decoder;
import io.vertikube.object.ApiException;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads a policy file ({@code audit.k8s.io/v1 Policy}, YAML or JSON). Everything that is wrong is told at once, with its
 * field. Confined to its caller.
 */
final class PolicyReader {

    private static final Set<String> POLICY =
            Set.of("apiVersion", "kind", "metadata", "rules", "omitStages", "omitManagedFields");
    private static final Set<String> RULE = Set.of(
            "level",
            "users",
            "userGroups",
            "verbs",
            "resources",
            "namespaces",
            "nonResourceURLs",
            "omitStages",
            "omitManagedFields");
    private static final Set<String> RESOURCES = Set.of("group", "resources", "resourceNames");

    private final Problems problems = new Problems();

    /** @throws IllegalArgumentException with a sentence a problem, each beginning with its field */
    static AuditPolicy read(byte[] file) {
        JsonNode tree;
        try {
            tree = new Decoder(type -> Optional.empty()).tree(file, "application/yaml");
        } catch (ApiException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        var reader = new PolicyReader();
        AuditPolicy policy = reader.policy(Place.root(tree));
        if (!reader.problems.none()) {
            throw new IllegalArgumentException(
                    reader.problems.list().stream().map(FieldError::message).collect(Collectors.joining("; ")));
        }
        return policy;
    }

    private AuditPolicy policy(Place policy) {
        known(policy, POLICY);
        problems.supported(policy.get("apiVersion"), List.of("audit.k8s.io/v1"));
        problems.supported(policy.get("kind"), List.of("Policy"));
        Set<AuditStage> omitted = stages(policy.get("omitStages"));
        boolean lean = flag(policy.get("omitManagedFields"), false);
        if (list(policy.get("rules")).isEmpty()) {
            problems.required(policy.get("rules"), "a policy without rules tells nothing");
        }
        return new AuditPolicy(policy.items("rules").stream()
                .map(rule -> rule(rule, omitted, lean))
                .toList());
    }

    private AuditRule rule(Place rule, Set<AuditStage> omitted, boolean lean) {
        known(rule, RULE);
        var stages = new HashSet<>(omitted);
        stages.addAll(stages(rule.get("omitStages")));
        List<Place> urls = list(rule.get("nonResourceURLs"));
        List<Place> resources = list(rule.get("resources"));
        List<Place> namespaces = list(rule.get("namespaces"));
        if (!urls.isEmpty() && (!resources.isEmpty() || !namespaces.isEmpty())) {
            problems.invalid(
                    rule.get("nonResourceURLs"), "rules cannot apply to both regular resources and non-resource URLs");
        }
        urls.forEach(this::url);
        return new AuditRule(
                level(rule.get("level")),
                texts(rule.get("users")),
                texts(rule.get("userGroups")),
                texts(rule.get("verbs")),
                resources.stream().map(this::resources).toList(),
                texts(rule.get("namespaces")),
                texts(rule.get("nonResourceURLs")),
                stages,
                flag(rule.get("omitManagedFields"), lean));
    }

    private AuditLevel level(Place level) {
        if (level.empty()) {
            problems.required(level);
            return AuditLevel.NONE;
        }
        return choice(level, AuditLevel.values(), AuditLevel::text).orElse(AuditLevel.NONE);
    }

    private Set<AuditStage> stages(Place stages) {
        var some = new HashSet<AuditStage>();
        for (Place stage : list(stages)) {
            choice(stage, AuditStage.values(), AuditStage::text).ifPresent(some::add);
        }
        return some;
    }

    private <T> Optional<T> choice(Place place, T[] values, Function<T, String> text) {
        problems.supported(place, Arrays.stream(values).map(text).toList());
        return Arrays.stream(values)
                .filter(value -> text.apply(value).equals(place.text()))
                .findFirst();
    }

    private void url(Place url) {
        String text = url.text();
        if (text.equals("*")) {
            return;
        }
        if (!text.startsWith("/")) {
            problems.invalid(url, "non-resource URL rules must begin with a '/' character");
        }
        if (text.indexOf('*') >= 0 && text.indexOf('*') < text.length() - 1) {
            problems.invalid(url, "non-resource URL wildcards '*' must be the final character of the rule");
        }
    }

    private AuditRule.Resources resources(Place some) {
        known(some, RESOURCES);
        problems.checkIfAny(some.get("group"), Names::dnsSubdomain);
        List<String> names = texts(some.get("resourceNames"));
        if (!names.isEmpty() && list(some.get("resources")).isEmpty()) {
            problems.invalid(some.get("resourceNames"), "using resourceNames requires at least one resource");
        }
        return new AuditRule.Resources(some.text("group"), texts(some.get("resources")), names);
    }

    private void known(Place object, Set<String> fields) {
        if (!object.node().isObject()) {
            problems.invalid(object, "must be an object");
            return;
        }
        object.node().fieldNames().forEachRemaining(field -> {
            if (!fields.contains(field)) {
                problems.forbidden(object.get(field), "unknown field");
            }
        });
    }

    private List<String> texts(Place list) {
        for (Place item : list(list)) {
            if (!item.node().isTextual()) {
                problems.invalid(item, "must be a string");
            }
        }
        return list.texts();
    }

    private List<Place> list(Place list) {
        if (list.present() && !list.node().isArray()) {
            problems.invalid(list, "must be a list");
        }
        return list.items();
    }

    private boolean flag(Place flag, boolean absent) {
        if (!flag.present()) {
            return absent;
        }
        if (!flag.node().isBoolean()) {
            problems.invalid(flag, "must be true or false");
        }
        return flag.node().asBoolean();
    }
}
