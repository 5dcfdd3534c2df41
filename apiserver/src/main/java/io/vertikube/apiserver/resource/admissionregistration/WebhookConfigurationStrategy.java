package io.vertikube.apiserver.resource.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.cel.RequestScope;
import io.vertikube.apiserver.openapi.Once;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The rules of mutating and validating webhook configurations. Pure. */
public final class WebhookConfigurationStrategy implements Strategy {

    private static final List<String> REVIEW_VERSIONS = List.of("v1", "v1beta1");
    private static final int MAX_TIMEOUT_SECONDS = 30;

    private final boolean mutating;
    private final Supplier<RequestScope> scope;

    /** @param engine asked when the first condition comes */
    public WebhookConfigurationStrategy(boolean mutating, Supplier<CelEngine> engine) {
        this.mutating = mutating;
        this.scope = new Once<>(() -> RequestScope.ofWebhook(engine.get()));
    }

    @Override
    public List<FieldError> validate(ObjectNode configuration) {
        var problems = new Problems();
        Set<String> names = new HashSet<>();
        for (Place webhook : Place.root(configuration).items("webhooks")) {
            webhook(webhook, problems);
            if (!names.add(webhook.text("name"))) {
                problems.duplicate(webhook.get("name"));
            }
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode configuration, ObjectNode old) {
        return validate(configuration);
    }

    private void webhook(Place webhook, Problems problems) {
        name(webhook.get("name"), problems);
        webhook.items("rules").forEach(rule -> RuleRules.rule(rule, problems));
        RuleRules.failurePolicy(webhook.get("failurePolicy"), problems);
        problems.supportedIfAny(webhook.get("matchPolicy"), List.of("Equivalent", "Exact"));
        Place effects = webhook.get("sideEffects");
        if (problems.require(effects, "must specify one of None, NoneOnDryRun")) {
            problems.supported(effects, List.of("None", "NoneOnDryRun"));
        }
        Place timeout = webhook.get("timeoutSeconds");
        if (timeout.present() && (timeout.number(0) < 1 || timeout.number(0) > MAX_TIMEOUT_SECONDS)) {
            problems.invalid(timeout, "the timeout value must be between 1 and 30 seconds");
        }
        LabelSelectorRules.validate(webhook.get("namespaceSelector"), problems);
        LabelSelectorRules.validate(webhook.get("objectSelector"), problems);
        CommonRules.webhookClient(webhook.get("clientConfig"), problems);
        if (mutating) {
            problems.supportedIfAny(webhook.get("reinvocationPolicy"), List.of("IfNeeded", "Never"));
        }
        versions(webhook.get("admissionReviewVersions"), problems);
        RuleRules.conditions(webhook.get("matchConditions"), scope, problems);
    }

    private static void name(Place name, Problems problems) {
        if (!problems.require(name, "")) {
            return;
        }
        List<String> wrong = Names.dnsSubdomain(name.text());
        problems.invalid(name, wrong);
        if (wrong.isEmpty() && name.text().split("\\.", -1).length < 3) {
            problems.invalid(name, "should be a domain with at least three segments separated by dots");
        }
    }

    private static void versions(Place versions, Problems problems) {
        if (versions.empty()) {
            problems.required(versions, "must specify one of v1, v1beta1");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (Place version : versions.items()) {
            if (!seen.add(version.text())) {
                problems.add(FieldError.invalid(version.path(), version.text(), "duplicate version"));
            }
            problems.check(version, Names::dns1035);
        }
        if (versions.texts().stream().noneMatch(REVIEW_VERSIONS::contains)) {
            problems.invalid(versions, "must include at least one of v1, v1beta1");
        }
    }
}
