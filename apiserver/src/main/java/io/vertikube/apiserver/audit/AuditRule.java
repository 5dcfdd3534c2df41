package io.vertikube.apiserver.audit;

import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.front.RequestInfo;
import java.util.List;
import java.util.Set;

/**
 * A rule of a policy: what it is about, and what is told of it. An empty list is about everything. Immutable.
 *
 * @param nonResourceUrls paths, or their beginnings with a {@code *} at the end
 */
record AuditRule(
        AuditLevel level,
        List<String> users,
        List<String> userGroups,
        List<String> verbs,
        List<Resources> resources,
        List<String> namespaces,
        List<String> nonResourceUrls,
        Set<AuditStage> omitStages,
        boolean omitManagedFields) {

    /** What is told where no rule speaks of a request. */
    static final AuditRule NOTHING = new AuditRule(
            AuditLevel.NONE, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), Set.of(), false);

    /**
     * Resources of a group: plurals, {@code pods/log}, {@code pods/*}, {@code *}{@code /status}, {@code *} or none for all.
     */
    record Resources(String group, List<String> resources, List<String> names) {

        Resources {
            resources = List.copyOf(resources);
            names = List.copyOf(names);
        }

        boolean covers(RequestInfo info) {
            if (!group.equals(info.group())) {
                return false;
            }
            if (resources.isEmpty()) {
                return true;
            }
            return (names.isEmpty() || names.contains(info.name()))
                    && resources.stream().anyMatch(resource -> covers(resource, info));
        }

        private static boolean covers(String resource, RequestInfo info) {
            if (info.subresource().isEmpty()) {
                return resource.equals("*") || resource.equals(info.resource());
            }
            return resource.equals("*")
                    || resource.equals(info.resource() + "/" + info.subresource())
                    || resource.equals(info.resource() + "/*")
                    || resource.equals("*/" + info.subresource());
        }
    }

    AuditRule {
        users = List.copyOf(users);
        userGroups = List.copyOf(userGroups);
        verbs = List.copyOf(verbs);
        resources = List.copyOf(resources);
        namespaces = List.copyOf(namespaces);
        nonResourceUrls = List.copyOf(nonResourceUrls);
        omitStages = Set.copyOf(omitStages);
    }

    boolean matches(UserInfo user, RequestInfo info) {
        return (users.isEmpty() || users.contains(user.name()))
                && (userGroups.isEmpty() || userGroups.stream().anyMatch(user::in))
                && (verbs.isEmpty() || verbs.contains(info.verb()))
                && isAbout(info);
    }

    private boolean isAbout(RequestInfo info) {
        if (!namespaces.isEmpty() || !resources.isEmpty()) {
            return info.resourceRequest()
                    && (namespaces.isEmpty() || namespaces.contains(info.namespace()))
                    && (resources.isEmpty() || resources.stream().anyMatch(some -> some.covers(info)));
        }
        if (!nonResourceUrls.isEmpty()) {
            return !info.resourceRequest() && nonResourceUrls.stream().anyMatch(url -> covers(url, info.path()));
        }
        return true;
    }

    private static boolean covers(String url, String path) {
        return url.endsWith("*") ? path.startsWith(url.substring(0, url.length() - 1)) : path.equals(url);
    }
}
