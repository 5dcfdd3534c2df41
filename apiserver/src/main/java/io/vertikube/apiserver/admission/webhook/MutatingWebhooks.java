package io.vertikube.apiserver.admission.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionPlugin;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.match.Renewal;
import io.vertikube.apiserver.admission.match.Surroundings;
import io.vertikube.apiserver.patch.JsonPatch;
import io.vertikube.apiserver.webhook.WebhookClient;
import io.vertikube.object.ApiErrors;
import java.util.Optional;

/**
 * Webhooks that change what is written, one after the other. Those that ask for it are called once more if another has
 * changed the object after them ("Reinvocation policy" in the documentation). Runs on virtual threads, safe for any.
 */
public final class MutatingWebhooks implements AdmissionPlugin {

    private final Hooks hooks;
    private final Review review;
    private final Renewal renewal;

    public MutatingWebhooks(Surroundings surroundings, WebhookClient client, Renewal renewal) {
        this.hooks = new Hooks(surroundings, "mutatingwebhookconfigurations");
        this.review = new Review(client);
        this.renewal = renewal;
    }

    @Override
    public String name() {
        return "MutatingAdmissionWebhook";
    }

    @Override
    public boolean mutatesAgain() {
        return true;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        for (Hooks.Match match : hooks.of(request)) {
            boolean turn = !request.notes().again()
                    || (match.hook().reinvoked() && request.notes().changedSince(match.hook(), request.shown()));
            if (turn) {
                Optional<JsonNode> patch = review.ask(match, request);
                patch.ifPresent(change -> apply(change, match));
                request.notes().leave(match.hook(), request.shown().deepCopy());
            }
        }
    }

    private void apply(JsonNode patch, Hooks.Match match) {
        ObjectNode seen = match.seen().object();
        if (seen == null) {
            return;
        }
        if (!(JsonPatch.apply(seen, patch) instanceof ObjectNode tree)) {
            throw ApiErrors.internal(
                    "the patch of admission webhook \"" + match.hook().name() + "\" leaves no object");
        }
        renewal.take(match.seen(), tree);
    }
}
