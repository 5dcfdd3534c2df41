package io.vertikube.apiserver.authz;

import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvr;

/** The sentence of a 403. Pure. */
public final class Refusals {

    private Refusals() {}

    /** {@code pods "x" is forbidden: User "u" cannot get resource "pods" in API group "" in the namespace "ns"}. */
    public static ApiException forbidden(Attributes a, Decision decision) {
        String reason = decision.reason().isEmpty() ? "" : ": " + decision.reason();
        String who = "User \"" + a.user().name() + "\" cannot " + a.verb();
        if (!a.resourceRequest()) {
            return ApiErrors.forbidden(who + " path \"" + a.path() + "\"" + reason);
        }
        String where =
                a.namespace().isEmpty() ? " at the cluster scope" : " in the namespace \"" + a.namespace() + "\"";
        return ApiErrors.forbidden(
                new Gvr(a.group(), a.version(), a.resource()),
                a.name(),
                who + " resource \"" + a.combinedResource() + "\" in API group \"" + a.group() + "\"" + where + reason);
    }

    /** Throws unless allowed. */
    public static void demand(Authorizer authorizer, Attributes attributes) {
        Decision decision = authorizer.authorize(attributes);
        if (!decision.allowed()) {
            throw forbidden(attributes, decision);
        }
    }
}
