package io.vertikube.apiserver.admission.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.match.Conditions;
import io.vertikube.apiserver.admission.match.Criteria;
import io.vertikube.apiserver.cel.RequestScope;
import io.vertikube.apiserver.openapi.Once;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.StoredObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One webhook of a configuration ("MutatingWebhook", "ValidatingWebhook" in the API reference), read once. Immutable to
 * the eye: nobody changes its tree.
 *
 * @param conditions compiled when the first write comes that it is about
 */
record Hook(String configuration, int index, ObjectNode tree, Criteria criteria, Supplier<Conditions> conditions) {

    static List<Hook> of(StoredObject configuration, Supplier<RequestScope> scope) {
        List<Hook> hooks = new ArrayList<>();
        for (ObjectNode webhook : Trees.objects(configuration.tree(), "webhooks")) {
            hooks.add(new Hook(
                    configuration.name(),
                    hooks.size(),
                    webhook,
                    Criteria.ofWebhook(webhook),
                    new Once<>(() -> Conditions.of(webhook.path("matchConditions"), scope))));
        }
        return List.copyOf(hooks);
    }

    String name() {
        return tree.path("name").asText();
    }

    boolean ignoresFailures() {
        return tree.path("failurePolicy").asText().equals("Ignore");
    }

    boolean reinvoked() {
        return tree.path("reinvocationPolicy").asText().equals("IfNeeded");
    }

    boolean hasSideEffects() {
        return !List.of("None", "NoneOnDryRun")
                .contains(tree.path("sideEffects").asText());
    }

    Duration timeout() {
        return Duration.ofSeconds(tree.path("timeoutSeconds").asInt(10));
    }
}
