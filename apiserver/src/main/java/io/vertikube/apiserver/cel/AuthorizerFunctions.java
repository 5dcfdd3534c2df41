package io.vertikube.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * The {@code authorizer} of expressions ("Kubernetes authorizer library" in the documentation): {@code
 * authorizer.group('apps').resource('deployments').namespace('n').check('create').allowed()}. Selectors are taken and
 * widen the question, since no authorizer here looks at them. Pure functions over {@link Access}.
 */
final class AuthorizerFunctions {

    /** What Kubernetes lets a check cost. */
    private static final long CHECK = 350_000;

    private static final CelType TEXT = SimpleType.STRING;

    private AuthorizerFunctions() {}

    private record PathCheck(Access access, String path) {}

    private record GroupCheck(Access access, String group) {}

    /** A question about a resource on its way. */
    record ResourceCheck(Access access, Access.Question question) {

        private ResourceCheck with(UnaryOperator<Access.Question> change) {
            return new ResourceCheck(access, change.apply(question));
        }
    }

    static List<Function> all() {
        List<Function> all = new ArrayList<>(entrances());
        all.addAll(resources());
        all.addAll(decisions());
        return all;
    }

    private static List<Function> entrances() {
        return List.of(
                member("path", Types.PATH_CHECK, Types.AUTHORIZER, (access, path) -> {
                    if (path.isEmpty()) {
                        throw new IllegalArgumentException("path must not be empty");
                    }
                    return new PathCheck((Access) access, path);
                }),
                member(
                        "group",
                        Types.GROUP_CHECK,
                        Types.AUTHORIZER,
                        (access, group) -> new GroupCheck((Access) access, group)),
                Function.member(
                        "serviceAccount",
                        "authorizer_serviceaccount",
                        Types.AUTHORIZER,
                        List.of(Types.AUTHORIZER, TEXT, TEXT),
                        a -> ((Access) a[0]).of((String) a[1], (String) a[2])),
                member("check", Types.DECISION, Types.PATH_CHECK, (asked, verb) -> {
                    Budget.spend(CHECK);
                    PathCheck check = (PathCheck) asked;
                    return check.access().path(check.path(), verb);
                }));
    }

    private static List<Function> resources() {
        return List.of(
                member("resource", Types.RESOURCE_CHECK, Types.GROUP_CHECK, (asked, resource) -> {
                    GroupCheck group = (GroupCheck) asked;
                    return new ResourceCheck(
                            group.access(), new Access.Question("", group.group(), resource, "", "", ""));
                }),
                step(
                        "subresource",
                        (q, text) ->
                                new Access.Question(q.verb(), q.group(), q.resource(), text, q.namespace(), q.name())),
                step(
                        "namespace",
                        (q, text) -> new Access.Question(
                                q.verb(), q.group(), q.resource(), q.subresource(), text, q.name())),
                step(
                        "name",
                        (q, text) -> new Access.Question(
                                q.verb(), q.group(), q.resource(), q.subresource(), q.namespace(), text)),
                step("fieldSelector", (q, text) -> q),
                step("labelSelector", (q, text) -> q),
                member("check", Types.DECISION, Types.RESOURCE_CHECK, (asked, verb) -> {
                    Budget.spend(CHECK);
                    ResourceCheck check = (ResourceCheck) asked;
                    Access.Question q = check.question();
                    return check.access()
                            .resource(new Access.Question(
                                    verb, q.group(), q.resource(), q.subresource(), q.namespace(), q.name()));
                }));
    }

    /** An authorizer that cannot answer says no here, so none has ever failed. */
    private static List<Function> decisions() {
        return List.of(
                decision("allowed", SimpleType.BOOL, Access.Answer::allowed),
                decision("reason", TEXT, Access.Answer::reason),
                decision("errored", SimpleType.BOOL, answer -> false),
                decision("error", TEXT, answer -> ""));
    }

    private static Function decision(
            String name, CelType result, java.util.function.Function<Access.Answer, Object> body) {
        return Function.member(
                name, "decision_" + name, result, List.of(Types.DECISION), a -> body.apply((Access.Answer) a[0]));
    }

    private static Function step(String name, BiFunction<Access.Question, String, Access.Question> body) {
        return member(
                name,
                Types.RESOURCE_CHECK,
                Types.RESOURCE_CHECK,
                (asked, text) -> ((ResourceCheck) asked).with(question -> body.apply(question, text)));
    }

    private static Function member(String name, CelType result, CelType on, BiFunction<Object, String, Object> body) {
        String id = on.name().substring(on.name().lastIndexOf('.') + 1) + "_" + name;
        return Function.member(name, id, result, List.of(on, TEXT), a -> body.apply(a[0], (String) a[1]));
    }
}
