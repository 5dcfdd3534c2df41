package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.webhook.WebhookClient;
import io.vertikube.apiserver.webhook.WebhookFailure;
import io.vertikube.apiserver.webhook.WebhookTarget;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Strategy {@code Webhook}: a {@code ConversionReview} goes out, the converted objects come back ("Webhook conversion" in
 * the documentation of versions of custom resources). Of their metadata only labels and annotations may change. Safe for
 * any thread.
 */
final class ConversionWebhook implements VersionConverter {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> UNDERSTOOD = List.of("v1", "v1beta1");

    private final JsonNode webhook;
    private final WebhookClient client;

    /** @param conversion {@code spec.conversion} of the definition */
    ConversionWebhook(JsonNode conversion, WebhookClient client) {
        this.webhook = conversion.path("webhook");
        this.client = client;
    }

    @Override
    public List<ObjectNode> convert(List<ObjectNode> objects, String apiVersion) {
        try {
            return asked(objects, apiVersion);
        } catch (WebhookFailure e) {
            ObjectNode first = objects.getFirst();
            throw failed(first, String.valueOf(e.getMessage()));
        }
    }

    private List<ObjectNode> asked(List<ObjectNode> objects, String apiVersion) throws WebhookFailure {
        String uid = UUID.randomUUID().toString();
        String review = "apiextensions.k8s.io/" + reviewVersion();
        ObjectNode question = Trees.newObject().put("kind", "ConversionReview").put("apiVersion", review);
        ObjectNode request = question.putObject("request").put("uid", uid).put("desiredAPIVersion", apiVersion);
        ArrayNode list = request.putArray("objects");
        objects.forEach(list::add);
        ObjectNode answer = client.call(WebhookTarget.of(webhook.path("clientConfig"), TIMEOUT), question);

        String kind = answer.path("kind").asText();
        String version = answer.path("apiVersion").asText();
        if (!kind.equals("ConversionReview") || !version.equals(review)) {
            throw new WebhookFailure("expected webhook response of " + review + ", Kind=ConversionReview, got "
                    + version + ", Kind=" + kind);
        }
        JsonNode response = answer.path("response");
        if (!response.isObject()) {
            throw new WebhookFailure("no response provided");
        }
        if (!response.path("uid").asText().equals(uid)) {
            throw new WebhookFailure("expected response.uid=\"" + uid + "\", got \""
                    + response.path("uid").asText() + "\"");
        }
        JsonNode result = response.path("result");
        if (!result.path("status").asText().equals("Success")) {
            String message = result.path("message").asText();
            throw new WebhookFailure(message.isEmpty() ? "the webhook gave no message" : message);
        }
        return checked(objects, response.path("convertedObjects"), apiVersion);
    }

    private String reviewVersion() throws WebhookFailure {
        for (JsonNode version : webhook.path("conversionReviewVersions")) {
            if (UNDERSTOOD.contains(version.asText())) {
                return version.asText();
            }
        }
        throw new WebhookFailure("webhook does not accept v1 or v1beta1 ConversionReview");
    }

    private static List<ObjectNode> checked(List<ObjectNode> before, JsonNode answered, String apiVersion)
            throws WebhookFailure {
        if (answered.size() != before.size()) {
            throw new WebhookFailure("webhook returned " + answered.size() + " objects, expected " + before.size());
        }
        List<ObjectNode> after = new ArrayList<>(before.size());
        for (int i = 0; i < before.size(); i++) {
            String where = "webhook returned invalid converted object at index " + i + ": ";
            if (!(answered.get(i) instanceof ObjectNode object)) {
                throw new WebhookFailure(where + "it is no object");
            }
            ObjectNode original = before.get(i);
            String version = object.path("apiVersion").asText();
            if (!version.equals(apiVersion)) {
                throw new WebhookFailure(
                        where + "invalid groupVersion (expected " + apiVersion + ", received " + version + ")");
            }
            same(original, object, where, "kind");
            metadata(original, object, where);
            after.add(object);
        }
        return after;
    }

    private static void same(JsonNode before, JsonNode after, String where, String field) throws WebhookFailure {
        String was = before.path(field).asText();
        String is = after.path(field).asText();
        if (!was.equals(is)) {
            throw new WebhookFailure(where + "invalid " + field + " (expected " + was + ", received " + is + ")");
        }
    }

    /** Takes labels and annotations; everything else stays, and what identifies the object must be the same. */
    private static void metadata(ObjectNode before, ObjectNode after, String where) throws WebhookFailure {
        if (!(after.get("metadata") instanceof ObjectNode answered)) {
            throw new WebhookFailure(where + "missing metadata");
        }
        JsonNode was = before.path("metadata");
        for (String field : List.of("name", "namespace", "uid")) {
            same(was, answered, where, field);
        }
        ObjectNode kept = Trees.object(before, "metadata").deepCopy();
        for (String field : List.of("labels", "annotations")) {
            JsonNode value = answered.path(field);
            if (!value.isMissingNode() && !value.isNull() && !isTexts(value)) {
                throw new WebhookFailure(where + "invalid metadata." + field + ": every value is a string");
            }
            if (value.isEmpty()) {
                kept.remove(field);
            } else {
                kept.set(field, value);
            }
        }
        after.set("metadata", kept);
    }

    private static boolean isTexts(JsonNode map) {
        if (!map.isObject()) {
            return false;
        }
        for (JsonNode value : map) {
            if (!value.isTextual()) {
                return false;
            }
        }
        return true;
    }

    private static ApiException failed(ObjectNode object, String why) {
        return ApiErrors.of(
                500,
                "InternalError",
                "conversion webhook for " + object.path("apiVersion").asText() + ", Kind="
                        + object.path("kind").asText() + " failed: " + why,
                null);
    }
}
