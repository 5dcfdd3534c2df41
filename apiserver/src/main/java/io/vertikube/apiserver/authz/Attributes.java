package io.vertikube.apiserver.authz;

import io.vertikube.apiserver.authn.UserInfo;

/**
 * One question: may this user do this? Immutable. Unused parts are empty strings.
 *
 * @param verb API verb ({@code get}, {@code list}, …) of a resource request, lower-case HTTP method of another
 * @param path the URL's path of a request that is about no resource
 */
public record Attributes(
        UserInfo user,
        String verb,
        boolean resourceRequest,
        String group,
        String version,
        String resource,
        String subresource,
        String namespace,
        String name,
        String path) {

    public static Attributes resource(
            UserInfo user, String verb, String group, String version, String resource, String namespace, String name) {
        return new Attributes(user, verb, true, group, version, resource, "", namespace, name, "");
    }

    public static Attributes path(UserInfo user, String verb, String path) {
        return new Attributes(user, verb, false, "", "", "", "", "", "", path);
    }

    public Attributes withSubresource(String sub) {
        return new Attributes(user, verb, resourceRequest, group, version, resource, sub, namespace, name, path);
    }

    public Attributes as(UserInfo other) {
        return new Attributes(
                other, verb, resourceRequest, group, version, resource, subresource, namespace, name, path);
    }

    /** {@code pods/log}, or {@code pods}: the form that rules name. */
    public String combinedResource() {
        return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }
}
