package io.vertikube.apiserver.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authz.PolicyRule;
import io.vertikube.apiserver.resource.meta.Trees;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The roles and bindings every cluster has ("Default roles and role bindings" in the Kubernetes documentation), from
 * {@code bootstrap/rbac.json}. A stored role keeps rules that were added to it and gets back those that were taken away,
 * unless its annotation says that it is left alone. Confined to the caller.
 */
public final class RbacDefaults {

    private static final String API = "rbac.authorization.k8s.io/v1";
    private static final String PREFIX = "/registry/rbac.authorization.k8s.io/";
    private static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";

    private final JsonNode table = Resource.read("bootstrap/rbac.json");
    private final Objects objects;

    RbacDefaults(Objects objects) {
        this.objects = objects;
    }

    /** The rules of a default cluster role. */
    public static List<PolicyRule> rulesOf(String clusterRole) {
        for (JsonNode role : Resource.read("bootstrap/rbac.json").path("clusterRoles")) {
            if (role.path("name").asText().equals(clusterRole)) {
                return PolicyRule.all(role.path("rules"));
            }
        }
        throw new IllegalArgumentException("there is no default role " + clusterRole);
    }

    List<Wanted> all() {
        var all = new ArrayList<Wanted>();
        for (JsonNode row : table.path("clusterRoles")) {
            all.add(clusterRole(row));
        }
        for (JsonNode row : table.path("clusterRoleBindings")) {
            all.add(binding(row, "ClusterRoleBinding", "clusterrolebindings/"));
        }
        for (JsonNode row : table.path("roles")) {
            ObjectNode role = start(row, "Role");
            role.set("rules", row.path("rules"));
            all.add(new Wanted(PREFIX + "roles/" + path(row), role, RbacDefaults::mendRole));
        }
        for (JsonNode row : table.path("roleBindings")) {
            all.add(binding(row, "RoleBinding", "rolebindings/"));
        }
        return all;
    }

    private Wanted clusterRole(JsonNode row) {
        ObjectNode role = start(row, "ClusterRole");
        row.path("labels")
                .properties()
                .forEach(e ->
                        Trees.object(Trees.object(role, "metadata"), "labels").set(e.getKey(), e.getValue()));
        String aggregates = row.path("aggregates").asText("");
        if (!aggregates.isEmpty()) {
            role.putObject("aggregationRule")
                    .putArray("clusterRoleSelectors")
                    .addObject()
                    .putObject("matchLabels")
                    .put(aggregates, "true");
            role.set("rules", aggregated(aggregates, new LinkedHashSet<>()));
        } else {
            role.set("rules", rules(row));
        }
        return new Wanted(PREFIX + "clusterroles/" + row.path("name").asText(), role, RbacDefaults::mendRole);
    }

    private ArrayNode rules(JsonNode row) {
        ArrayNode rules = Trees.newObject().arrayNode();
        row.path("rules").forEach(rules::add);
        String union = row.path("unionOf").asText("");
        if (!union.isEmpty()) {
            Set<JsonNode> seen = new LinkedHashSet<>();
            for (JsonNode other : table.path("clusterRoles")) {
                if (other.path("name").asText().startsWith(union)) {
                    other.path("rules").forEach(seen::add);
                }
            }
            seen.forEach(rules::add);
        }
        return rules;
    }

    /** What the aggregation controller would fill in, so that these roles mean something before it runs. */
    private ArrayNode aggregated(String label, Set<String> visited) {
        Set<JsonNode> rules = new LinkedHashSet<>();
        for (JsonNode other : table.path("clusterRoles")) {
            if (other.path("labels").has(label)
                    && visited.add(other.path("name").asText())) {
                String nested = other.path("aggregates").asText("");
                (nested.isEmpty() ? other.path("rules") : aggregated(nested, visited)).forEach(rules::add);
            }
        }
        return Trees.newObject().arrayNode().addAll(rules);
    }

    private Wanted binding(JsonNode row, String kind, String plural) {
        ObjectNode binding = start(row, kind);
        String[] role = row.path("role").asText().split("/", 2);
        binding.putObject("roleRef")
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", role[0])
                .put("name", role[1]);
        if (!row.path("subjects").isEmpty()) {
            ArrayNode subjects = binding.putArray("subjects");
            for (JsonNode subject : row.path("subjects")) {
                ObjectNode added = subjects.addObject();
                if (!subject.path("kind").asText().equals("ServiceAccount")) {
                    added.put("apiGroup", "rbac.authorization.k8s.io");
                }
                added.setAll((ObjectNode) subject);
            }
        }
        return new Wanted(PREFIX + plural + path(row), binding, RbacDefaults::mendBinding);
    }

    private ObjectNode start(JsonNode row, String kind) {
        ObjectNode object = objects.namespaced(
                API, kind, row.path("namespace").asText(""), row.path("name").asText());
        ObjectNode metadata = Trees.object(object, "metadata");
        metadata.putObject("annotations").put(AUTO_UPDATE, "true");
        metadata.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
        return object;
    }

    private static String path(JsonNode row) {
        String namespace = row.path("namespace").asText("");
        return (namespace.isEmpty() ? "" : namespace + "/") + row.path("name").asText();
    }

    private static boolean mendRole(ObjectNode stored, ObjectNode wanted) {
        if (leftAlone(stored)) {
            return false;
        }
        boolean changed = addLabels(stored, wanted);
        if (wanted.has("aggregationRule")) {
            if (!stored.path("aggregationRule").equals(wanted.path("aggregationRule"))) {
                stored.set("aggregationRule", wanted.path("aggregationRule"));
                return true;
            }
            return changed;
        }
        return addMissing(stored, wanted, "rules") || changed;
    }

    private static boolean mendBinding(ObjectNode stored, ObjectNode wanted) {
        if (leftAlone(stored)) {
            return false;
        }
        boolean changed = addLabels(stored, wanted);
        if (!stored.path("roleRef").equals(wanted.path("roleRef"))) {
            stored.set("roleRef", wanted.path("roleRef"));
            changed = true;
        }
        return addMissing(stored, wanted, "subjects") || changed;
    }

    private static boolean leftAlone(ObjectNode stored) {
        return Trees.at(stored, "metadata", "annotations")
                .path(AUTO_UPDATE)
                .asText("true")
                .equals("false");
    }

    private static boolean addLabels(ObjectNode stored, ObjectNode wanted) {
        boolean changed = false;
        ObjectNode metadata = Trees.object(stored, "metadata");
        for (var label : wanted.path("metadata").path("labels").properties()) {
            if (!metadata.path("labels").path(label.getKey()).equals(label.getValue())) {
                Trees.object(metadata, "labels").set(label.getKey(), label.getValue());
                changed = true;
            }
        }
        return changed;
    }

    private static boolean addMissing(ObjectNode stored, ObjectNode wanted, String field) {
        boolean changed = false;
        for (JsonNode item : wanted.path(field)) {
            boolean there = false;
            for (JsonNode own : stored.path(field)) {
                there |= own.equals(item);
            }
            if (!there) {
                Trees.array(stored, field).add(item);
                changed = true;
            }
        }
        return changed;
    }
}
