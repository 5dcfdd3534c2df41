package io.vertikube.apiserver.authz;

import io.vertikube.apiserver.authn.UserInfo;
import java.util.ArrayList;
import java.util.List;

/** How authorizers are put together. Pure. */
public final class Authorizers {

    /** Members may do everything, whatever roles say; meant for the one who repairs a cluster. */
    public static final String SUPERUSERS = "system:masters";

    private Authorizers() {}

    /** Everything for {@value #SUPERUSERS}. */
    public static Authorizer superusers() {
        return a -> a.user().in(SUPERUSERS) ? new Decision.Allow("") : new Decision.NoOpinion("");
    }

    /** Some paths for everybody, known or not: health, for example. A path ending in {@code *} covers what begins so. */
    public static Authorizer alwaysAllowPaths(List<String> paths) {
        var rule = new PolicyRule(List.of("get", "head", "post"), List.of(), List.of(), List.of(), paths);
        return a -> !a.resourceRequest() && rule.allows(a)
                ? new Decision.Allow("open to everybody")
                : new Decision.NoOpinion("");
    }

    /** Asks in order; the first yes or no counts. */
    public static Authorizer union(List<Authorizer> authorizers) {
        var all = List.copyOf(authorizers);
        return a -> {
            var reasons = new ArrayList<String>();
            for (Authorizer authorizer : all) {
                switch (authorizer.authorize(a)) {
                    case Decision.Allow allow -> {
                        return allow;
                    }
                    case Decision.Deny deny -> {
                        return deny;
                    }
                    case Decision.NoOpinion none -> {
                        if (!none.reason().isEmpty()) {
                            reasons.add(none.reason());
                        }
                    }
                }
            }
            return new Decision.NoOpinion(String.join("; ", reasons));
        };
    }

    /** Whether a user is a node's agent: the name of the node, or empty. */
    static String nodeName(UserInfo user) {
        String prefix = "system:node:";
        return user.in("system:nodes") && user.name().startsWith(prefix)
                ? user.name().substring(prefix.length())
                : "";
    }
}
