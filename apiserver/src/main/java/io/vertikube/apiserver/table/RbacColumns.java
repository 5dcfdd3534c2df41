package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.StringJoiner;

/** The group {@code rbac.authorization.k8s.io}. Pure. */
final class RbacColumns {

    private RbacColumns() {}

    static void addTo(Map<String, Columns> known) {
        String group = "rbac.authorization.k8s.io/";
        known.put(group + "roles", Columns.plain());
        known.put(group + "clusterroles", Columns.plain());
        Columns bindings = Columns.named()
                .text("Role", "Role that is given.", row -> row.text("roleRef.kind") + "/" + row.text("roleRef.name"))
                .age()
                .wide("Users", "Users who have it.", row -> subjects(row, "User"))
                .wide("Groups", "Groups that have it.", row -> subjects(row, "Group"))
                .wide("ServiceAccounts", "Service accounts that have it.", row -> subjects(row, "ServiceAccount"))
                .build();
        known.put(group + "rolebindings", bindings);
        known.put(group + "clusterrolebindings", bindings);
    }

    private static String subjects(Row row, String kind) {
        var names = new StringJoiner(", ");
        for (JsonNode subject : row.at("subjects")) {
            if (subject.path("kind").asText().equals(kind)) {
                String name = subject.path("name").asText();
                names.add(
                        kind.equals("ServiceAccount")
                                ? subject.path("namespace").asText() + "/" + name
                                : name);
            }
        }
        return names.toString();
    }
}
