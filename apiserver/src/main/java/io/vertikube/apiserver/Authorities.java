package io.vertikube.apiserver;

import io.vertikube.apiserver.authn.Authenticator;
import io.vertikube.apiserver.authn.Authenticators;
import io.vertikube.apiserver.authn.ClientCertificates;
import io.vertikube.apiserver.authn.ServiceAccountTokens;
import io.vertikube.apiserver.authz.Authorizer;
import io.vertikube.apiserver.authz.Authorizers;
import io.vertikube.apiserver.authz.Decision;
import io.vertikube.apiserver.authz.NodeAuthorizer;
import io.vertikube.apiserver.authz.RbacAuthorizer;
import io.vertikube.apiserver.bootstrap.RbacDefaults;
import io.vertikube.apiserver.storage.ObjectStorage;
import java.util.ArrayList;
import java.util.List;

/** Puts together who is known and who may do what, as the options say. */
final class Authorities {

    private static final List<String> OPEN_PATHS =
            List.of("/healthz", "/healthz/*", "/livez", "/livez/*", "/readyz", "/readyz/*");

    private Authorities() {}

    static Authenticator authenticator(ApiServerOptions.Access access, ServiceAccountTokens tokens) {
        var known = new ArrayList<Authenticator>(List.of(new ClientCertificates(), tokens));
        if (access.anonymous()) {
            known.add(Authenticators.anonymous());
        }
        return Authenticators.union(known);
    }

    static Authorizer authorizer(ApiServerOptions.Access access, ObjectStorage storage, RbacAuthorizer rbac) {
        var asked = new ArrayList<Authorizer>();
        asked.add(Authorizers.superusers());
        asked.add(Authorizers.alwaysAllowPaths(OPEN_PATHS));
        for (String mode : access.authorizationModes()) {
            asked.add(
                    switch (mode) {
                        case "Node" -> new NodeAuthorizer(storage, RbacDefaults.rulesOf("system:node"));
                        case "RBAC" -> rbac;
                        case "AlwaysAllow" -> attributes -> new Decision.Allow("everything is allowed");
                        default -> attributes -> new Decision.Deny("everything is forbidden");
                    });
        }
        return Authorizers.union(asked);
    }
}
