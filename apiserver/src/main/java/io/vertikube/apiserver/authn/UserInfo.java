package io.vertikube.apiserver.authn;

import java.util.List;
import java.util.Map;

/** Who a request is made as: the form that TokenReview, audit and admission show. Immutable. */
public record UserInfo(String name, String uid, List<String> groups, Map<String, List<String>> extra) {

    /** Nobody in particular; only allowed where it is said so. */
    public static final UserInfo ANONYMOUS = of("system:anonymous", "system:unauthenticated");

    /** Every authenticated caller is in this group. */
    public static final String AUTHENTICATED = "system:authenticated";

    public UserInfo {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    public static UserInfo of(String name, String... groups) {
        return new UserInfo(name, "", List.of(groups), Map.of());
    }

    public boolean in(String group) {
        return groups.contains(group);
    }

    public boolean isAnonymous() {
        return name.equals(ANONYMOUS.name);
    }
}
