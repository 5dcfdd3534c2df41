package io.vertikube.apiserver.admission.webhook;

import io.vertikube.apiserver.admission.AdmissionPlugin;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.resource.ConversionTable;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.webhook.WebhookClient;
import io.vertikube.catalog.Catalog;
import io.vertikube.object.ApiErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Webhooks that only say yes or no, all asked at once; any no refuses the write. Runs on virtual threads, safe for any. */
public final class ValidatingWebhooks implements AdmissionPlugin {

    private final Hooks hooks;
    private final Review review;

    public ValidatingWebhooks(
            ObjectStorage storage, Supplier<Catalog> catalog, WebhookClient client, ConversionTable conversions) {
        this.hooks = new Hooks(storage, catalog, "validatingwebhookconfigurations");
        this.review = new Review(client, conversions);
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
