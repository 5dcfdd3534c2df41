package io.vertikube.apiserver.admission.webhook;

import io.vertikube.apiserver.admission.AdmissionPlugin;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.match.Surroundings;
import io.vertikube.apiserver.webhook.WebhookClient;
import io.vertikube.object.ApiErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Webhooks that only say yes or no, all asked at once; any no refuses the write. Runs on virtual threads, safe for any. */
public final class ValidatingWebhooks implements AdmissionPlugin {

    private final Hooks hooks;
    private final Review review;

    public ValidatingWebhooks(Surroundings surroundings, WebhookClient client) {
        this.hooks = new Hooks(surroundings, "validatingwebhookconfigurations");
        this.review = new Review(client);
    }

    @Override
    public String name() {
        return "ValidatingAdmissionWebhook";
    }

    @Override
    public void validate(AdmissionRequest request) {
        List<Hooks.Match> matches = hooks.of(request);
        if (matches.isEmpty()) {
            return;
        }
        if (matches.size() == 1) {
            review.ask(matches.getFirst(), request);
            return;
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> asked = new ArrayList<>();
            matches.forEach(match -> asked.add(threads.submit(() -> review.ask(match, request))));
            for (Future<?> one : asked) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException refusal ? refusal : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiErrors.serviceUnavailable("the server stops");
        }
    }
}
