package io.vertikube.apiserver.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.front.RequestInfo;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.StoredObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which requests are a flow of which priority level. Immutable.
 *
 * @param level the priority level's name
 * @param apart what makes different flows of its requests
 */
record FlowSchema(String name, String uid, int precedence, String level, Apart apart, List<Rule> rules) {

    /** The lower precedence first, then the name. */
    static final Comparator<FlowSchema> ORDER =
            Comparator.comparingInt(FlowSchema::precedence).thenComparing(FlowSchema::name);

    /** What tells the flows of one schema from each other. */
    enum Apart {
        NOTHING,
        USER,
        NAMESPACE
    }

    /** Who asks for what: any of the subjects, any of the rules. */
    record Rule(List<Who> subjects, List<Resources> resources, List<Paths> paths) {

        Rule {
            subjects = List.copyOf(subjects);
            resources = List.copyOf(resources);
            paths = List.copyOf(paths);
        }

        boolean matches(UserInfo user, RequestInfo info) {
            return some(subjects, who -> who.is(user))
                    && (info.resourceRequest()
                            ? some(resources, rule -> rule.cover(info))
                            : some(paths, rule -> rule.cover(info)));
        }
    }

    /** Users or groups by name, or the accounts of a namespace. */
    sealed interface Who {

        boolean is(UserInfo user);

        /** One user, or everybody. */
        record User(String name) implements Who {
            @Override
            public boolean is(UserInfo user) {
                return name.equals("*") || name.equals(user.name());
            }
        }

        /** The members of a group, or everybody. */
        record Group(String name) implements Who {
            @Override
            public boolean is(UserInfo user) {
                return name.equals("*") || user.in(name);
            }
        }

        /** @param prefix of the user names of all that are meant, or the one name */
        record Account(String prefix, boolean all) implements Who {
            @Override
            public boolean is(UserInfo user) {
                return all ? user.name().startsWith(prefix) : user.name().equals(prefix);
            }
        }
    }

    /** Verbs on resources of groups, in namespaces or outside of any. */
    record Resources(
            List<String> verbs,
            List<String> groups,
            List<String> resources,
            boolean clusterScope,
            List<String> namespaces) {

        Resources {
            verbs = List.copyOf(verbs);
            groups = List.copyOf(groups);
            resources = List.copyOf(resources);
            namespaces = List.copyOf(namespaces);
        }

        boolean cover(RequestInfo info) {
            return has(verbs, info.verb())
                    && has(groups, info.group())
                    && (info.subresource().isEmpty()
                            ? has(resources, info.resource())
                            : has(resources, info.resource() + "/" + info.subresource()))
                    && (info.namespace().isEmpty() ? clusterScope : has(namespaces, info.namespace()));
        }
    }

    /** Verbs on paths that are no resources. */
    record Paths(List<String> verbs, List<String> urls) {

        Paths {
            verbs = List.copyOf(verbs);
            urls = List.copyOf(urls);
        }

        boolean cover(RequestInfo info) {
            return has(verbs, info.verb()) && some(urls, url -> covers(url, info.path()));
        }

        private static boolean covers(String url, String path) {
            return url.equals("*")
                    || url.equals(path)
                    || (url.endsWith("/*") && path.startsWith(url.substring(0, url.length() - 1)));
        }
    }

    FlowSchema {
        rules = List.copyOf(rules);
    }

    static FlowSchema of(StoredObject stored) {
        JsonNode tree = stored.tree();
        JsonNode spec = tree.path("spec");
        var rules = new ArrayList<Rule>();
        for (JsonNode rule : spec.path("rules")) {
            rules.add(rule(rule));
        }
        Apart apart =
                switch (Trees.text(spec, "distinguisherMethod", "type")) {
                    case "ByUser" -> Apart.USER;
                    case "ByNamespace" -> Apart.NAMESPACE;
                    default -> Apart.NOTHING;
                };
        return new FlowSchema(
                stored.name(),
                Trees.text(tree, "metadata", "uid"),
                spec.path("matchingPrecedence").asInt(1000),
                Trees.text(spec, "priorityLevelConfiguration", "name"),
                apart,
                rules);
    }

    private static Rule rule(JsonNode rule) {
        var subjects = new ArrayList<Who>();
        for (JsonNode subject : rule.path("subjects")) {
            subjects.add(who(subject));
        }
        var resources = new ArrayList<Resources>();
        for (JsonNode some : rule.path("resourceRules")) {
            resources.add(new Resources(
                    Trees.texts(some.path("verbs")),
                    Trees.texts(some.path("apiGroups")),
                    Trees.texts(some.path("resources")),
                    some.path("clusterScope").asBoolean(),
                    Trees.texts(some.path("namespaces"))));
        }
        var paths = new ArrayList<Paths>();
        for (JsonNode some : rule.path("nonResourceRules")) {
            paths.add(new Paths(Trees.texts(some.path("verbs")), Trees.texts(some.path("nonResourceURLs"))));
        }
        return new Rule(subjects, resources, paths);
    }

    private static Who who(JsonNode subject) {
        return switch (subject.path("kind").asText()) {
            case "User" -> new Who.User(Trees.text(subject, "user", "name"));
            case "Group" -> new Who.Group(Trees.text(subject, "group", "name"));
            default -> {
                String name = Trees.text(subject, "serviceAccount", "name");
                String prefix = "system:serviceaccount:" + Trees.text(subject, "serviceAccount", "namespace") + ":";
                yield name.equals("*") ? new Who.Account(prefix, true) : new Who.Account(prefix + name, false);
            }
        };
    }

    boolean matches(UserInfo user, RequestInfo info) {
        return some(rules, rule -> rule.matches(user, info));
    }

    /** What a request has in common with all others of its flow. */
    String flow(UserInfo user, RequestInfo info) {
        return switch (apart) {
            case NOTHING -> "";
            case USER -> user.name();
            case NAMESPACE -> info.namespace();
        };
    }

    /** Loops rather than streams: every request passes here. */
    private static <T> boolean some(List<T> list, Predicate<T> test) {
        for (int i = 0; i < list.size(); i++) {
            if (test.test(list.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(List<String> list, String value) {
        for (int i = 0; i < list.size(); i++) {
            String entry = list.get(i);
            if (entry.equals("*") || entry.equals(value)) {
                return true;
            }
        }
        return false;
    }
}
