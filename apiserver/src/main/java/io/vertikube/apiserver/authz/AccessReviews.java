package io.vertikube.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Gvk;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Answers of the review kinds of {@code authorization.k8s.io}: each method takes the decoded request and returns it with
 * {@code status} set. Safe for any thread.
 */
public final class AccessReviews {

    private final Authorizer authorizer;
    private final RbacAuthorizer rbac;

    public AccessReviews(Authorizer authorizer, RbacAuthorizer rbac) {
        this.authorizer = authorizer;
        this.rbac = rbac;
    }

    /** SubjectAccessReview: may that user do this? */
    public ObjectNode subjectAccessReview(ObjectNode review) {
        Place spec = Place.root(review).get("spec");
        check("SubjectAccessReview", review, Set.of(), true);
        return answer(review, attributes(named(spec), spec.node()));
    }

    /** LocalSubjectAccessReview: the same in one namespace. */
    public ObjectNode localSubjectAccessReview(String namespace, ObjectNode review) {
        Place spec = Place.root(review).get("spec");
        String stated = Trees.text(review, "metadata", "namespace");
        if (!stated.isEmpty() && !stated.equals(namespace)) {
            throw ApiErrors.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        check("LocalSubjectAccessReview", review, Set.of("namespace"), true);
        var problems = new Problems();
        Place asked = spec.get("resourceAttributes").get("namespace");
        if (!asked.text().equals(namespace)) {
            problems.invalid(asked, "must match metadata.namespace");
        }
        if (spec.has("nonResourceAttributes")) {
            problems.forbidden(spec.get("nonResourceAttributes"), "disallowed on this kind of request");
        }
        refuse("LocalSubjectAccessReview", problems);
        return answer(review, attributes(named(spec), spec.node()));
    }

    /** SelfSubjectAccessReview: may I do this? */
    public ObjectNode selfSubjectAccessReview(ObjectNode review, UserInfo user) {
        Place spec = Place.root(review).get("spec");
        check("SelfSubjectAccessReview", review, Set.of(), false);
        return answer(review, attributes(user, spec.node()));
    }

    /** SelfSubjectRulesReview: what may I do in this namespace? Only what roles say. */
    public ObjectNode selfSubjectRulesReview(ObjectNode review, UserInfo user) {
        String namespace = Trees.text(review, "spec", "namespace");
        if (namespace.isEmpty()) {
            throw ApiErrors.badRequest("no namespace on request");
        }
        ObjectNode status = review.putObject("status");
        ArrayNode resources = status.putArray("resourceRules");
        ArrayNode paths = status.putArray("nonResourceRules");
        List<PolicyRule> rules = user.in(Authorizers.SUPERUSERS) ? everything() : rbac.rulesOf(user, namespace);
        for (PolicyRule rule : rules) {
            (rule.nonResourceUrls().isEmpty() ? resources : paths).add(rule.toTree());
        }
        status.put("incomplete", false);
        return review;
    }

    private ObjectNode answer(ObjectNode review, Attributes attributes) {
        Decision decision = authorizer.authorize(attributes);
        ObjectNode status = review.putObject("status");
        status.put("allowed", decision.allowed());
        if (decision instanceof Decision.Deny) {
            status.put("denied", true);
        }
        if (!decision.reason().isEmpty()) {
            status.put("reason", decision.reason());
        }
        return review;
    }

    /** @param stated fields that its metadata may have */
    private static void check(String kind, ObjectNode review, Set<String> stated, boolean aboutSomebody) {
        var problems = new Problems();
        Place spec = Place.root(review).get("spec");
        boolean resource = spec.has("resourceAttributes");
        boolean path = spec.has("nonResourceAttributes");
        if (resource == path) {
            problems.invalid(
                    spec.get("resourceAttributes"),
                    resource
                            ? "cannot be specified in combination with nonResourceAttributes"
                            : "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
        if (aboutSomebody && spec.get("user").empty() && spec.get("groups").empty()) {
            problems.invalid(spec.get("user"), "at least one of user or group must be specified");
        }
        SelectorRules.validate(spec.get("resourceAttributes"), problems);
        review.path("metadata").fieldNames().forEachRemaining(field -> {
            if (!stated.contains(field) && !field.equals("managedFields") && problems.none()) {
                problems.invalid(
                        Place.root(review).get("metadata"),
                        stated.isEmpty() ? "must be empty" : "must be empty except for namespace");
            }
        });
        refuse(kind, problems);
    }

    private static void refuse(String kind, Problems problems) {
        if (!problems.none()) {
            throw ApiErrors.invalid(new Gvk("authorization.k8s.io", "v1", kind), "", problems.list());
        }
    }

    private static UserInfo named(Place spec) {
        Map<String, List<String>> extra = new HashMap<>();
        spec.get("extra").entries().forEach((key, values) -> extra.put(key.toLowerCase(Locale.ROOT), values.texts()));
        return new UserInfo(
                spec.text("user"), spec.text("uid"), spec.get("groups").texts(), extra);
    }

    private static Attributes attributes(UserInfo user, JsonNode spec) {
        JsonNode r = spec.path("resourceAttributes");
        if (r.isObject()) {
            return Attributes.resource(
                            user,
                            r.path("verb").asText(""),
                            r.path("group").asText(""),
                            r.path("version").asText(""),
                            r.path("resource").asText(""),
                            r.path("namespace").asText(""),
                            r.path("name").asText(""))
                    .withSubresource(r.path("subresource").asText(""));
        }
        JsonNode n = spec.path("nonResourceAttributes");
        return Attributes.path(user, n.path("verb").asText(""), n.path("path").asText(""));
    }

    private static List<PolicyRule> everything() {
        return List.of(
                new PolicyRule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of()),
                new PolicyRule(List.of("*"), List.of(), List.of(), List.of(), List.of("*")));
    }
}
