package io.vertikube.apiserver.authn;

import java.util.List;
import java.util.Optional;

/** How authenticators are put together. Pure. */
public final class Authenticators {

    private Authenticators() {}

    /** Asks in order; the first that knows the caller counts. */
    public static Authenticator union(List<Authenticator> authenticators) {
        var all = List.copyOf(authenticators);
        return credentials -> {
            for (Authenticator authenticator : all) {
                Optional<UserInfo> user = authenticator.authenticate(credentials);
                if (user.isPresent()) {
                    return user;
                }
            }
            return Optional.empty();
        };
    }

    /** Who shows nothing at all is anonymous; who shows something wrong stays unknown. */
    public static Authenticator anonymous() {
        return credentials -> credentials.isEmpty() ? Optional.of(UserInfo.ANONYMOUS) : Optional.empty();
    }
}
