package io.vertikube.apiserver.authz;

import io.vertikube.apiserver.authn.UserInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Roles and bindings by whom they concern. Immutable; rebuilt from the four kinds when one of them changed.
 *
 * @param roles rules by {@code namespace/name}, cluster roles by {@code /name}
 */
record RbacIndex(
        Map<String, List<PolicyRule>> roles, Map<String, List<Grant>> byUser, Map<String, List<Grant>> byGroup) {

    /** A RoleBinding or (with an empty namespace) a ClusterRoleBinding. */
    record Binding(String namespace, String name, String roleKind, String roleName, List<Subject> subjects) {

        String roleKey() {
            return (roleKind.equals("ClusterRole") ? "" : namespace) + "/" + roleName;
        }
    }

    record Grant(Binding binding, Subject subject) {

        String reason() {
            Binding b = binding;
            String what = b.namespace().isEmpty() ? "ClusterRoleBinding \"" : "RoleBinding \"";
            String where = b.namespace().isEmpty() ? b.name() : b.name() + "/" + b.namespace();
            return "RBAC: allowed by " + what + where + "\" of " + b.roleKind() + " \"" + b.roleName() + "\" to "
                    + subject.shown();
        }
    }

    static RbacIndex build(Map<String, List<PolicyRule>> roles, Collection<Binding> bindings) {
        var byUser = new HashMap<String, List<Grant>>();
        var byGroup = new HashMap<String, List<Grant>>();
        for (Binding binding : bindings) {
            for (Subject subject : binding.subjects()) {
                var index = subject.kind().equals("Group") ? byGroup : byUser;
                index.computeIfAbsent(subject.principal(), k -> new ArrayList<>())
                        .add(new Grant(binding, subject));
            }
        }
        return new RbacIndex(roles, byUser, byGroup);
    }

    /** The first grant that holds in a namespace and has a fitting rule. */
    @Nullable
    Grant find(UserInfo user, String namespace, Predicate<PolicyRule> fits) {
        @Nullable Grant grant = find(byUser.get(user.name()), namespace, fits);
        for (String group : user.groups()) {
            if (grant != null) {
                return grant;
            }
            grant = find(byGroup.get(group), namespace, fits);
        }
        return grant;
    }

    /** Every rule that holds for a user in a namespace (empty: only those that hold everywhere). */
    List<PolicyRule> rulesOf(UserInfo user, String namespace) {
        var rules = new ArrayList<PolicyRule>();
        find(user, namespace, rule -> {
            rules.add(rule);
            return false;
        });
        return rules;
    }

    /** The rules of a role reference; null if there is no such role. */
    @Nullable
    List<PolicyRule> rulesOfRole(String kind, String namespace, String name) {
        return roles.get((kind.equals("ClusterRole") ? "" : namespace) + "/" + name);
    }

    private @Nullable Grant find(@Nullable List<Grant> grants, String namespace, Predicate<PolicyRule> fits) {
        if (grants == null) {
            return null;
        }
        for (Grant grant : grants) {
            String scope = grant.binding().namespace();
            if (scope.isEmpty() || scope.equals(namespace)) {
                for (PolicyRule rule : roles.getOrDefault(grant.binding().roleKey(), List.of())) {
                    if (fits.test(rule)) {
                        return grant;
                    }
                }
            }
        }
        return null;
    }
}
