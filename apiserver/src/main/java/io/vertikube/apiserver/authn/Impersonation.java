package io.vertikube.apiserver.authn;

import io.vertikube.apiserver.authz.Attributes;
import io.vertikube.apiserver.authz.Authorizer;
import io.vertikube.apiserver.authz.Refusals;
import io.vertikube.object.ApiErrors;
import io.vertikube.value.Names;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Acting as somebody else ("User impersonation" in the Kubernetes documentation), if the caller may. Pure. */
public final class Impersonation {

    private static final String EXTRA = "impersonate-extra-";

    private Impersonation() {}

    /**
     * Who the request is made as.
     *
     * @param headers the request's headers, names in lower case
     * @return the caller if nothing is asked for
     * @throws io.vertikube.object.ApiException 403 if the caller may not impersonate one of the parts
     */
    public static UserInfo apply(UserInfo caller, Map<String, List<String>> headers, Authorizer authorizer) {
        String name = first(headers, "impersonate-user").orElse("");
        String uid = first(headers, "impersonate-uid").orElse("");
        List<String> groups = headers.getOrDefault("impersonate-group", List.of());
        Map<String, List<String>> extra = extra(headers);
        if (name.isEmpty()) {
            if (groups.isEmpty() && uid.isEmpty() && extra.isEmpty()) {
                return caller;
            }
            throw ApiErrors.badRequest(
                    "requested groups, uid or extra without impersonating a user: an Impersonate-User"
                            + " header is missing");
        }
        var asGroups = new ArrayList<>(groups);
        Optional<String[]> account = serviceAccount(name);
        if (account.isPresent()) {
            String namespace = account.get()[0];
            demand(caller, authorizer, "", "serviceaccounts", "", namespace, account.get()[1]);
            if (groups.isEmpty()) {
                asGroups.add("system:serviceaccounts");
                asGroups.add("system:serviceaccounts:" + namespace);
            }
        } else {
            demand(caller, authorizer, "", "users", "", "", name);
        }
        groups.forEach(group -> demand(caller, authorizer, "", "groups", "", "", group));
        extra.forEach((key, values) -> values.forEach(
                value -> demand(caller, authorizer, "authentication.k8s.io", "userextras", key, "", value)));
        if (!uid.isEmpty()) {
            demand(caller, authorizer, "authentication.k8s.io", "uids", "", "", uid);
        }
        String everybody = name.equals(UserInfo.ANONYMOUS.name()) ? "system:unauthenticated" : UserInfo.AUTHENTICATED;
        if (!asGroups.contains("system:unauthenticated") && !asGroups.contains(everybody)) {
            asGroups.add(everybody);
        }
        return new UserInfo(name, uid, asGroups, extra);
    }

    private static Optional<String[]> serviceAccount(String user) {
        String[] parts = user.split(":", -1);
        return parts.length == 4
                        && parts[0].equals("system")
                        && parts[1].equals("serviceaccount")
                        && Names.dnsLabel(parts[2]).isEmpty()
                        && Names.dnsSubdomain(parts[3]).isEmpty()
                ? Optional.of(new String[] {parts[2], parts[3]})
                : Optional.empty();
    }

    private static Map<String, List<String>> extra(Map<String, List<String>> headers) {
        var extra = new HashMap<String, List<String>>();
        headers.forEach((header, values) -> {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith(EXTRA)) {
                extra.put(URLDecoder.decode(lower.substring(EXTRA.length()), StandardCharsets.UTF_8), values);
            }
        });
        return extra;
    }

    private static void demand(
            UserInfo caller,
            Authorizer authorizer,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name) {
        Refusals.demand(
                authorizer,
                Attributes.resource(caller, "impersonate", group, "v1", resource, namespace, name)
                        .withSubresource(subresource));
    }

    private static Optional<String> first(Map<String, List<String>> headers, String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }
}
