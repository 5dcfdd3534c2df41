package io.vertikube.apiserver.admission.match;

import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.authz.Attributes;
import io.vertikube.apiserver.authz.Authorizer;
import io.vertikube.apiserver.authz.Decision;
import io.vertikube.apiserver.cel.Access;
import io.vertikube.value.Names;

/** What somebody may do, for expressions. Immutable, safe for any thread. */
record Rights(Authorizer authorizer, UserInfo user) implements Access {

    @Override
    public Answer resource(Question q) {
        return answer(authorizer.authorize(
                Attributes.resource(user, q.verb(), q.group(), "*", q.resource(), q.namespace(), q.name())
                        .withSubresource(q.subresource())));
    }

    @Override
    public Answer path(String path, String verb) {
        return answer(authorizer.authorize(Attributes.path(user, verb, path)));
    }

    private static Answer answer(Decision decision) {
        return new Answer(decision.allowed(), decision.reason());
    }

    @Override
    public Access of(String namespace, String serviceAccount) {
        if (!Names.dnsLabel(namespace).isEmpty()) {
            throw new IllegalArgumentException("Invalid service account namespace");
        }
        if (!Names.dnsSubdomain(serviceAccount).isEmpty()) {
            throw new IllegalArgumentException("Invalid service account name");
        }
        return new Rights(
                authorizer,
                UserInfo.of(
                        "system:serviceaccount:" + namespace + ":" + serviceAccount,
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + namespace,
                        UserInfo.AUTHENTICATED));
    }
}
