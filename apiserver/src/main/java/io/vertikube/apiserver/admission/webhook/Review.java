package io.vertikube.apiserver.admission.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.match.Conditions;
import io.vertikube.apiserver.admission.match.Seen;
import io.vertikube.apiserver.cel.CelLimits;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.webhook.WebhookClient;
import io.vertikube.apiserver.webhook.WebhookFailure;
import io.vertikube.apiserver.webhook.WebhookTarget;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one webhook about one write ({@code AdmissionReview}) and says what its answer means: a refusal is thrown, a
 * failure too unless the hook's policy is to ignore it, warnings are passed on. Blocks; safe for any thread.
 */
final class Review {

    private static final Logger LOG = LoggerFactory.getLogger(Review.class);
    private static final List<String> UNDERSTOOD = List.of("v1", "v1beta1");
    private static final int BAD_REQUEST = 400;

    private final WebhookClient client;

    Review(WebhookClient client) {
        this.client = client;
    }

    /**
     * The JSON patch that the webhook answers with; empty if it has none, if its conditions do not hold, or if it failed
     * and that is to be ignored.
     */
    Optional<JsonNode> ask(Hooks.Match match, AdmissionRequest request) {
        Hook hook = match.hook();
        if (!wanted(hook, match.seen())) {
            return Optional.empty();
        }
        if (request.dryRun() && hook.hasSideEffects()) {
            throw ApiErrors.badRequest("admission webhook \"" + hook.name() + "\" does not support dry run");
        }
        try {
            return answered(hook, request, call(hook, match.seen()));
        } catch (WebhookFailure e) {
            if (hook.ignoresFailures()) {
                LOG.warn("Failed calling webhook, failing open {}: {}", hook.name(), e.getMessage());
                return Optional.empty();
            }
            throw ApiErrors.internal("failed calling webhook \"" + hook.name() + "\": " + e.getMessage());
        }
    }

    /** Whether its conditions hold; failures count as its policy says. */
    private static boolean wanted(Hook hook, Seen seen) {
        Conditions conditions = hook.conditions().get();
        if (conditions.none()) {
            return true;
        }
        CelLimits limits = seen.surroundings().engine().get().limits();
        return switch (conditions.judge(seen.values(), limits)) {
            case Conditions.Outcome.Hold() -> true;
            case Conditions.Outcome.DoNotHold() -> false;
            case Conditions.Outcome.Failed(String why) -> {
                if (!hook.ignoresFailures()) {
                    throw ApiErrors.forbidden(
                            seen.request().type().gvr(), seen.request().name(), why);
                }
                LOG.warn("Failed evaluating match conditions, failing open {}: {}", hook.name(), why);
                yield false;
            }
        };
    }

    private ObjectNode call(Hook hook, Seen seen) throws WebhookFailure {
        String version = "admission.k8s.io/" + version(hook);
        ObjectNode review = Trees.newObject().put("kind", "AdmissionReview").put("apiVersion", version);
        String uid = UUID.randomUUID().toString();
        ObjectNode question = seen.question().put("uid", uid);
        question.set("object", seen.object());
        question.set("oldObject", seen.oldObject());
        review.set("request", question);
        ObjectNode answer;
        try {
            answer = client.call(WebhookTarget.of(hook.tree().path("clientConfig"), hook.timeout()), review);
        } catch (WebhookFailure e) {
            throw new WebhookFailure("failed to call webhook: " + e.getMessage());
        }
        if (!answer.path("kind").asText().equals("AdmissionReview")
                || !answer.path("apiVersion").asText().equals(version)) {
            throw new WebhookFailure("expected webhook response of " + version + ", Kind=AdmissionReview, got "
                    + answer.path("apiVersion").asText() + ", Kind="
                    + answer.path("kind").asText());
        }
        if (!(answer.get("response") instanceof ObjectNode response)) {
            throw new WebhookFailure("webhook response was absent");
        }
        if (!response.path("uid").asText().equals(uid)) {
            throw new WebhookFailure("expected response.uid=\"" + uid + "\", got \""
                    + response.path("uid").asText() + "\"");
        }
        return response;
    }

    private static String version(Hook hook) throws WebhookFailure {
        for (JsonNode version : hook.tree().path("admissionReviewVersions")) {
            if (UNDERSTOOD.contains(version.asText())) {
                return version.asText();
            }
        }
        throw new WebhookFailure("webhook does not accept known AdmissionReview versions (v1, v1beta1)");
    }

    private static Optional<JsonNode> answered(Hook hook, AdmissionRequest request, ObjectNode response)
            throws WebhookFailure {
        response.path("warnings").forEach(warning -> request.warn().accept(warning.asText()));
        Trees.strings(response.path("auditAnnotations"))
                .forEach((key, value) -> request.notes().annotate(hook.name() + "/" + key, value));
        if (!response.path("allowed").asBoolean()) {
            throw denied(hook, response.path("status"));
        }
        JsonNode patch = response.path("patch");
        if (patch.asText().isEmpty()) {
            return Optional.empty();
        }
        if (!response.path("patchType").asText().equals("JSONPatch")) {
            throw new WebhookFailure("invalid response.patchType \""
                    + response.path("patchType").asText() + "\": only JSONPatch is supported");
        }
        try {
            return Optional.of(Json.tree(Base64.getDecoder().decode(patch.asText())));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new WebhookFailure("response.patch is no JSON patch in base64");
        }
    }

    private static ApiException denied(Hook hook, JsonNode status) {
        String begin = "admission webhook \"" + hook.name() + "\" denied the request";
        String message = status.path("message").asText();
        String reason = status.path("reason").asText();
        String why = !message.isEmpty() ? ": " + message : !reason.isEmpty() ? ": " + reason : " without explanation";
        return ApiErrors.of(Math.max(BAD_REQUEST, status.path("code").asInt()), reason, begin + why, null);
    }
}
