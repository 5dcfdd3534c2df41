package io.vertikube.apiserver.authn;

import java.util.Optional;

/** Tells who shows these credentials; empty if it does not know them (wrong or not its kind). Never blocks on IO. */
@FunctionalInterface
public interface Authenticator {

    Optional<UserInfo> authenticate(Credentials credentials);
}
