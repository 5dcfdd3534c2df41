package io.vertikube.apiserver.resource.flowcontrol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;
import java.util.function.Function;

/** The rules of flow schemas. Pure. */
public final class FlowSchemaStrategy implements Strategy {

    private static final long LAST_PRECEDENCE = 10_000;
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch");

    @Override
    public List<FieldError> validate(ObjectNode schema) {
        var problems = new Problems();
        Place root = Place.root(schema);
        Place spec = root.get("spec");
        Place precedence = spec.get("matchingPrecedence");
        if (precedence.number(0) <= 0) {
            problems.invalid(precedence, "must be a positive value");
        }
        if (precedence.number(0) > LAST_PRECEDENCE) {
            problems.invalid(precedence, "must not be greater than " + LAST_PRECEDENCE);
        }
        boolean exempt = root.get("metadata").text("name").equals("exempt");
        if (precedence.number(0) == 1 && !exempt) {
            problems.invalid(precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
        }
        if (spec.has("distinguisherMethod")) {
            problems.supported(spec.get("distinguisherMethod", "type"), List.of("ByNamespace", "ByUser"));
        }
        Place level = spec.get("priorityLevelConfiguration", "name");
        if (level.empty()) {
            problems.required(level, "must reference a priority level");
        } else {
            problems.check(level, Names::dnsSubdomain);
        }
        spec.items("rules").forEach(rule -> rule(rule, problems));
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode schema, ObjectNode old) {
        return validate(schema);
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode schema, ObjectNode old) {
        var problems = new Problems();
        PriorityLevelStrategy.conditions(Place.root(schema).get("status", "conditions"), problems);
        return problems.list();
    }

    private static void rule(Place rule, Problems problems) {
        if (rule.get("subjects").empty()) {
            problems.required(rule.get("subjects"), "subjects must contain at least one value");
        }
        rule.items("subjects").forEach(subject -> subject(subject, problems));
        if (rule.get("resourceRules").empty() && rule.get("nonResourceRules").empty()) {
            problems.required(rule, "at least one of resourceRules and nonResourceRules has to be non-empty");
        }
        for (Place resources : rule.items("resourceRules")) {
            verbs(resources.get("verbs"), problems);
            some(
                    resources.get("apiGroups"),
                    "resource rules must supply at least one api group",
                    "api groups",
                    group -> group.isEmpty() ? List.of() : Names.dnsSubdomain(group),
                    problems);
            some(
                    resources.get("resources"),
                    "resource rules must supply at least one resource",
                    "resources",
                    name -> List.of(),
                    problems);
            Place namespaces = resources.get("namespaces");
            if (namespaces.empty() && !resources.is("clusterScope")) {
                problems.required(
                        namespaces, "resource rules that are not cluster scoped must supply at least one namespace");
            } else if (!namespaces.empty()) {
                some(namespaces, "", "namespaces", Names::dnsLabel, problems);
            }
        }
        for (Place urls : rule.items("nonResourceRules")) {
            verbs(urls.get("verbs"), problems);
            some(
                    urls.get("nonResourceURLs"),
                    "nonResourceURLs must contain at least one value",
                    "non-resource URLs",
                    url -> url.startsWith("/") ? List.of() : List.of("must start with slash"),
                    problems);
        }
    }

    private static void verbs(Place verbs, Problems problems) {
        some(
                verbs,
                "verbs must contain at least one value",
                "verbs",
                verb -> VERBS.contains(verb) || verb.matches("[a-z]+")
                        ? List.of()
                        : List.of("must be a verb in lower case"),
                problems);
    }

    /** Not empty, and a star stands alone. */
    private static void some(
            Place list, String missing, String what, Function<String, List<String>> form, Problems problems) {
        if (list.empty()) {
            problems.required(list, missing);
            return;
        }
        List<String> texts = list.texts();
        if (texts.contains("*")) {
            if (texts.size() > 1) {
                problems.invalid(list, "if '*' is present, must not specify other " + what);
            }
            return;
        }
        list.items().forEach(item -> problems.invalid(item, form.apply(item.text())));
    }

    private static void subject(Place subject, Problems problems) {
        Place user = subject.get("user");
        Place group = subject.get("group");
        Place account = subject.get("serviceAccount");
        switch (subject.text("kind")) {
            case "ServiceAccount" -> {
                if (!account.present()) {
                    problems.required(account, "serviceAccount is required when subject kind is 'ServiceAccount'");
                } else {
                    if (problems.require(account.get("name"), "")
                            && !account.text("name").equals("*")) {
                        problems.check(account.get("name"), Names::dnsSubdomain);
                    }
                    if (problems.require(account.get("namespace"), "must specify namespace for service account")) {
                        problems.check(account.get("namespace"), Names::dnsLabel);
                    }
                }
            }
            case "User" -> {
                if (!user.present()) {
                    problems.required(user, "user is required when subject kind is 'User'");
                } else {
                    problems.require(user.get("name"), "");
                }
            }
            case "Group" -> {
                if (!group.present()) {
                    problems.required(group, "group is required when subject kind is 'Group'");
                } else {
                    problems.require(group.get("name"), "");
                }
            }
            default -> problems.supported(subject.get("kind"), List.of("Group", "ServiceAccount", "User"));
        }
        for (String kind : List.of("User", "Group", "ServiceAccount")) {
            Place other = subject.get(Character.toLowerCase(kind.charAt(0)) + kind.substring(1));
            if (other.present() && !subject.text("kind").equals(kind)) {
                problems.forbidden(
                        other,
                        other.path().substring(other.path().lastIndexOf('.') + 1)
                                + " is forbidden when subject kind is not '" + kind + "'");
            }
        }
    }
}
