package io.vertikube.apiserver.admission.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionPlugin;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.patch.JsonPatch;
import io.vertikube.apiserver.resource.ConversionTable;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.webhook.WebhookClient;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiErrors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Webhooks that change what is written, one after the other. Those that ask for it are called once more if another has
 * changed the object after them ("Reinvocation policy" in the documentation). Runs on virtual threads, safe for any.
 */
public final class MutatingWebhooks implements AdmissionPlugin {

    /** Makes a changed tree an object of its type again, with its defaults. */
    @FunctionalInterface
    public interface Renewal {
        ObjectNode renew(ResourceType type, ObjectNode tree);
    }

    private final Hooks hooks;
    private final Review review;
    private final ConversionTable conversions;
    private final Renewal renewal;

    public MutatingWebhooks(
            ObjectStorage storage,
            Supplier<Catalog> catalog,
            WebhookClient client,
            ConversionTable conversions,
            Renewal renewal) {
        this.hooks = new Hooks(storage, catalog, "mutatingwebhookconfigurations");
        this.review = new Review(client, conversions);
        this.conversions = conversions;
        this.renewal = renewal;
    }

    @Override
    public String name() {
        return "MutatingAdmissionWebhook";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        List<Hooks.Match> matches = hooks.of(request);
        if (matches.isEmpty()) {
            return;
        }
        Map<Hook, JsonNode> leftBehind = new HashMap<>();
        for (Hooks.Match match : matches) {
            apply(match, request);
            leftBehind.put(match.hook(), copy(request));
        }
        for (Hooks.Match match : matches) {
            boolean changedSince = !copy(request).equals(leftBehind.get(match.hook()));
            if (match.hook().reinvoked() && changedSince) {
                apply(match, request);
            }
        }
    }

    private static JsonNode copy(AdmissionRequest request) {
        ObjectNode object = request.object();
        return object == null ? NullNode.instance : object.deepCopy();
    }

    private void apply(Hooks.Match match, AdmissionRequest request) {
        Optional<JsonNode> patch = review.ask(match, request);
        ObjectNode object = request.object();
        if (patch.isEmpty() || object == null) {
            return;
        }
        ResourceType type = request.type();
        boolean same = match.seenAs().gvr().equals(type.gvr());
        ObjectNode seen = same
                ? object.deepCopy()
                : conversions.of(match.seenAs()).fromStored(conversions.of(type).toStored(object.deepCopy()));
        JsonNode changed = JsonPatch.apply(seen, patch.get());
        if (!(changed instanceof ObjectNode tree)) {
            throw ApiErrors.internal(
                    "the patch of admission webhook \"" + match.hook().name() + "\" leaves no object");
        }
        ObjectNode back = same
                ? tree
                : conversions.of(type).fromStored(conversions.of(match.seenAs()).toStored(tree));
        boolean whole = request.subresource().isEmpty() || request.subresource().equals("status");
        ObjectNode renewed = whole ? renewal.renew(type, back) : back;
        object.removeAll();
        object.setAll(renewed);
    }
}
