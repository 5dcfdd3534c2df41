package io.vertikube.apiserver.resource.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.cel.RequestScope;
import io.vertikube.apiserver.cel.RequestScope.Result;
import io.vertikube.apiserver.openapi.Once;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;
import java.util.function.Supplier;

/** The rules of validating and mutating admission policies (KEP-3488, KEP-3962). Pure. */
public final class AdmissionPolicyStrategy implements Strategy {

    private static final List<String> REASONS =
            List.of("Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized");
    private static final int MAX_AUDIT_ANNOTATIONS = 20;
    private static final int MAX_MESSAGE_EXPRESSION = 5 * 1024;
    private static final String IDENTIFIER = "[_a-zA-Z][_a-zA-Z0-9]*";

    private final boolean mutating;
    private final Supplier<RequestScope> plain;
    private final Supplier<RequestScope> withParams;

    /** @param engine asked when the first expression comes */
    public AdmissionPolicyStrategy(boolean mutating, Supplier<CelEngine> engine) {
        this.mutating = mutating;
        this.plain = new Once<>(() -> RequestScope.ofPolicy(engine.get(), false));
        this.withParams = new Once<>(() -> RequestScope.ofPolicy(engine.get(), true));
    }

    @Override
    public List<FieldError> validate(ObjectNode policy) {
        var problems = new Problems();
        Place spec = Place.root(policy).get("spec");
        RuleRules.failurePolicy(spec.get("failurePolicy"), problems);
        if (spec.has("paramKind")) {
            paramKind(spec.get("paramKind"), problems);
        }
        Place constraints = spec.get("matchConstraints");
        if (!constraints.present()) {
            problems.required(constraints);
        } else {
            RuleRules.matches(constraints, problems);
            if (constraints.get("resourceRules").empty()) {
                problems.required(constraints.get("resourceRules"));
            }
        }
        Supplier<RequestScope> scope = spec.has("paramKind") ? withParams : plain;
        RuleRules.conditions(spec.get("matchConditions"), scope, problems);
        var expressions = new ExpressionRules(scope.get(), problems);
        variables(spec.get("variables"), expressions, problems);
        if (mutating) {
            mutations(spec, expressions, problems);
        } else {
            validations(spec, expressions, problems);
            auditKeys(Place.root(policy), problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode policy, ObjectNode old) {
        return validate(policy);
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode policy, ObjectNode old) {
        var problems = new Problems();
        CommonRules.conditions(Place.root(policy).get("status", "conditions"), problems);
        return problems.list();
    }

    private static void paramKind(Place kind, Problems problems) {
        Place version = kind.get("apiVersion");
        if (problems.require(version, "")
                && (version.text().split("/", -1).length > 2 || version.text().endsWith("/"))) {
            problems.invalid(version, "must be of the form \"group/version\" or \"version\"");
        }
        problems.require(kind.get("kind"), "");
    }

    private static void variables(Place variables, ExpressionRules expressions, Problems problems) {
        for (Place variable : variables.items()) {
            Place name = variable.get("name");
            if (name.empty()) {
                problems.required(name, "name is not specified");
            } else if (!name.text().matches(IDENTIFIER)) {
                problems.invalid(name, "name is not a valid CEL identifier");
            }
            if (variable.text("expression").isBlank()) {
                problems.required(variable.get("expression"), "expression is not specified");
            } else if (!name.empty()) {
                expressions.define(name.text(), variable.get("expression"));
            }
        }
    }

    private static void validations(Place spec, ExpressionRules expressions, Problems problems) {
        if (spec.get("validations").empty() && spec.get("auditAnnotations").empty()) {
            problems.required(
                    spec.get("validations"), "validations or auditAnnotations must contain at least one item");
            problems.required(
                    spec.get("auditAnnotations"), "validations or auditAnnotations must contain at least one item");
        }
        for (Place validation : spec.items("validations")) {
            if (validation.text("expression").isBlank()) {
                problems.required(validation.get("expression"), "expression is not specified");
            } else {
                expressions.check(validation.get("expression"), Result.BOOL);
            }
            Place message = validation.get("message");
            if (message.present() && message.text().contains("\n")) {
                problems.invalid(message, "message must not contain line breaks");
            }
            CommonRules.maxBytes(validation.get("messageExpression"), MAX_MESSAGE_EXPRESSION, problems);
            if (!validation.text("messageExpression").isBlank()) {
                expressions.check(validation.get("messageExpression"), Result.TEXT);
            }
            problems.supportedIfAny(validation.get("reason"), REASONS);
        }
        CommonRules.maxItems(spec.get("auditAnnotations"), MAX_AUDIT_ANNOTATIONS, problems);
        problems.unique(
                spec.items("auditAnnotations").stream().map(a -> a.get("key")).toList());
        for (Place annotation : spec.items("auditAnnotations")) {
            problems.require(annotation.get("key"), "");
            if (annotation.text("valueExpression").isBlank()) {
                problems.required(annotation.get("valueExpression"));
            } else {
                expressions.check(annotation.get("valueExpression"), Result.TEXT_OR_NULL);
            }
        }
    }

    /** With the policy's name before it, as it comes to stand in the audit event. */
    private static void auditKeys(Place policy, Problems problems) {
        for (Place annotation : policy.get("spec").items("auditAnnotations")) {
            Place key = annotation.get("key");
            if (!key.empty()) {
                String name = policy.get("metadata").text("name");
                problems.invalid(key, Names.qualifiedName(name.isEmpty() ? key.text() : name + "/" + key.text()));
            }
        }
    }

    private static void mutations(Place spec, ExpressionRules expressions, Problems problems) {
        if (spec.get("mutations").empty()) {
            problems.required(spec.get("mutations"), "mutations must contain at least one item");
        }
        for (Place mutation : spec.items("mutations")) {
            Place type = mutation.get("patchType");
            if (!problems.require(type, "")) {
                continue;
            }
            problems.supported(type, List.of("ApplyConfiguration", "JSONPatch"));
            boolean apply = type.text().equals("ApplyConfiguration");
            Place wanted = mutation.get(apply ? "applyConfiguration" : "jsonPatch");
            Place other = mutation.get(apply ? "jsonPatch" : "applyConfiguration");
            if (!wanted.present()) {
                problems.required(wanted, "must be specified when patchType is " + type.text());
            } else if (wanted.text("expression").isBlank()) {
                problems.required(wanted.get("expression"), "expression is not specified");
            } else {
                expressions.check(wanted.get("expression"), apply ? Result.OBJECT : Result.JSON_PATCH);
            }
            if (other.present()) {
                problems.invalid(other, "must not be specified when patchType is " + type.text());
            }
        }
        Place reinvocation = spec.get("reinvocationPolicy");
        if (problems.require(reinvocation, "")) {
            problems.supported(reinvocation, List.of("IfNeeded", "Never"));
        }
    }
}
