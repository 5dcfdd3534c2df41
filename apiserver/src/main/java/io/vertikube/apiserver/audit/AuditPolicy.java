package io.vertikube.apiserver.audit;

import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.front.RequestInfo;
import java.util.List;

/** What is told of which requests: the first rule that speaks of one counts. Immutable. */
record AuditPolicy(List<AuditRule> rules) {

    AuditPolicy {
        rules = List.copyOf(rules);
    }

    AuditRule of(UserInfo user, RequestInfo info) {
        for (AuditRule rule : rules) {
            if (rule.matches(user, info)) {
                return rule;
            }
        }
        return AuditRule.NOTHING;
    }
}
