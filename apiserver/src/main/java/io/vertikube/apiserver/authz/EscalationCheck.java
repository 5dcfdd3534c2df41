package io.vertikube.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.admission.AdmissionPlugin;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.Operation;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Gvr;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Nobody gives away by a role or binding what they do not have themselves, unless they may {@code escalate} or
 * {@code bind} ("Privilege escalation prevention" in the Kubernetes documentation). Safe for any thread.
 */
public final class EscalationCheck implements AdmissionPlugin {

    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final Set<String> ROLES = Set.of("roles", "clusterroles");
    private static final Set<String> BINDINGS = Set.of("rolebindings", "clusterrolebindings");

    private final Authorizer authorizer;
    private final RbacAuthorizer rbac;

    public EscalationCheck(Authorizer authorizer, RbacAuthorizer rbac) {
        this.authorizer = authorizer;
        this.rbac = rbac;
    }

    @Override
    public String name() {
        return "RBACEscalation";
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean writes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        if (!writes || !request.type().group().equals(GROUP) || request.user().in(Authorizers.SUPERUSERS)) {
            return;
        }
        if (ROLES.contains(request.type().plural())) {
            role(request);
        } else if (BINDINGS.contains(request.type().plural())) {
            binding(request);
        }
    }

    private void role(AdmissionRequest request) {
        JsonNode now = request.requireObject();
        @Nullable JsonNode old = request.oldObject();
        boolean sameRules = old != null
                && old.path("rules").equals(now.path("rules"))
                && old.path("aggregationRule").equals(now.path("aggregationRule"));
        if (sameRules || mayAnyway(request, "escalate", request.type().plural(), request.name())) {
            return;
        }
        List<PolicyRule> wanted = new ArrayList<>(PolicyRule.all(now.path("rules")));
        if (now.hasNonNull("aggregationRule")) {
            wanted.add(new PolicyRule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of()));
            wanted.add(new PolicyRule(List.of("*"), List.of(), List.of(), List.of(), List.of("*")));
        }
        demand(request, wanted);
    }

    private void binding(AdmissionRequest request) {
        JsonNode now = request.requireObject();
        @Nullable JsonNode old = request.oldObject();
        boolean same = old != null
                && old.path("roleRef").equals(now.path("roleRef"))
                && old.path("subjects").equals(now.path("subjects"));
        JsonNode ref = now.path("roleRef");
        String kind = ref.path("kind").asText();
        String name = ref.path("name").asText();
        String plural = kind.equals("ClusterRole") ? "clusterroles" : "roles";
        if (same || mayAnyway(request, "bind", plural, name)) {
            return;
        }
        @Nullable List<PolicyRule> rules = rbac.rulesOfRole(kind, request.namespace(), name);
        if (rules == null) {
            throw ApiErrors.notFound(new Gvr(GROUP, "v1", plural), name);
        }
        demand(request, rules);
    }

    private boolean mayAnyway(AdmissionRequest request, String verb, String plural, String name) {
        return authorizer
                .authorize(Attributes.resource(request.user(), verb, GROUP, "v1", plural, request.namespace(), name))
                .allowed();
    }

    private void demand(AdmissionRequest request, List<PolicyRule> wanted) {
        UserInfo user = request.user();
        List<PolicyRule> held = rbac.rulesOf(user, request.namespace());
        var missing = new ArrayList<String>();
        for (PolicyRule rule : wanted) {
            boolean lacks = rule.split().stream().anyMatch(part -> held.stream().noneMatch(h -> h.covers(part)));
            if (lacks) {
                missing.add(rule.shown());
            }
        }
        if (!missing.isEmpty()) {
            throw ApiErrors.forbidden(
                    request.type().gvr(),
                    request.name(),
                    "user \"" + user.name() + "\" (groups=" + user.groups()
                            + ") is attempting to grant RBAC permissions not currently held:\n"
                            + String.join("\n", missing));
        }
    }
}
