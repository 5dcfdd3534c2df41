package io.vertikube.apiserver.authz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Role-based access control ("Using RBAC Authorization" in the Kubernetes documentation) over the roles and bindings in
 * memory. Only ever allows or has no opinion. Never blocks; safe for any thread.
 */
public final class RbacAuthorizer implements Authorizer {

    private static final String PREFIX = "/registry/rbac.authorization.k8s.io/";

    private record Role(String key, List<PolicyRule> rules) {}

    private record State(List<Map<String, ?>> sources, RbacIndex index) {}

    private final ObjectStorage storage;
    private final ParsedObjects<Role> roles = new ParsedObjects<>(PREFIX + "roles/", RbacAuthorizer::role);
    private final ParsedObjects<Role> clusterRoles =
            new ParsedObjects<>(PREFIX + "clusterroles/", RbacAuthorizer::role);
    private final ParsedObjects<RbacIndex.Binding> bindings =
            new ParsedObjects<>(PREFIX + "rolebindings/", RbacAuthorizer::binding);
    private final ParsedObjects<RbacIndex.Binding> clusterBindings =
            new ParsedObjects<>(PREFIX + "clusterrolebindings/", RbacAuthorizer::binding);
    private volatile @Nullable State state;

    public RbacAuthorizer(ObjectStorage storage) {
        this.storage = storage;
    }

    @Override
    public Decision authorize(Attributes a) {
        RbacIndex.@Nullable Grant grant = index().find(a.user(), a.namespace(), rule -> rule.allows(a));
        return grant == null ? new Decision.NoOpinion("") : new Decision.Allow(grant.reason());
    }

    /** Every rule that holds for a user in a namespace. */
    public List<PolicyRule> rulesOf(UserInfo user, String namespace) {
        return index().rulesOf(user, namespace);
    }

    /** The rules of a role that is stored; empty list and no role are told apart by null. */
    @Nullable
    List<PolicyRule> rulesOfRole(String kind, String namespace, String name) {
        return index().rulesOfRole(kind, namespace, name);
    }

    private RbacIndex index() {
        Snapshot snapshot = storage.snapshot(Read.any());
        var parsedRoles = roles.read(snapshot);
        var parsedClusterRoles = clusterRoles.read(snapshot);
        var parsedBindings = bindings.read(snapshot);
        var parsedClusterBindings = clusterBindings.read(snapshot);
        List<Map<String, ?>> sources = List.of(parsedRoles, parsedClusterRoles, parsedBindings, parsedClusterBindings);
        @Nullable State last = state;
        if (last != null && sameMaps(last.sources, sources)) {
            return last.index;
        }
        var rules = new HashMap<String, List<PolicyRule>>();
        parsedRoles.values().forEach(role -> rules.put(role.key, role.rules));
        parsedClusterRoles.values().forEach(role -> rules.put(role.key, role.rules));
        var all = new ArrayList<>(parsedClusterBindings.values());
        all.addAll(parsedBindings.values());
        RbacIndex index = RbacIndex.build(rules, all);
        state = new State(sources, index);
        return index;
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged source is the very same map
    private static boolean sameMaps(List<Map<String, ?>> left, List<Map<String, ?>> right) {
        for (int i = 0; i < left.size(); i++) {
            if (left.get(i) != right.get(i)) {
                return false;
            }
        }
        return true;
    }

    private static Role role(StoredObject stored) {
        return new Role(
                stored.namespace() + "/" + stored.name(),
                PolicyRule.all(stored.tree().path("rules")));
    }

    private static RbacIndex.Binding binding(StoredObject stored) {
        ObjectNode tree = stored.tree();
        var subjects = new ArrayList<Subject>();
        tree.path("subjects").forEach(s -> subjects.add(Subject.of(s, stored.namespace())));
        return new RbacIndex.Binding(
                stored.namespace(),
                stored.name(),
                tree.path("roleRef").path("kind").asText(""),
                tree.path("roleRef").path("name").asText(""),
                List.copyOf(subjects));
    }
}
