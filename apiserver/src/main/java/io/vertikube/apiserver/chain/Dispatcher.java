package io.vertikube.apiserver.chain;

import io.vertikube.apiserver.discovery.DiscoveryHandler;
import io.vertikube.apiserver.discovery.OpenApiHandler;
import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.Call;
import io.vertikube.object.ApiErrors;
import io.vertikube.service.HealthChecks;
import java.util.HashSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which part of the server answers which path. Runs on the event loop of the call. */
public final class Dispatcher implements Consumer<Call> {

    private final Consumer<Call> resources;
    private final Consumer<Call> discovery;
    private final Consumer<Call> openApi;
    private final HealthChecks health;
    private final @Nullable MetricsPage metrics;

    public Dispatcher(
            Consumer<Call> resources,
            Consumer<Call> discovery,
            Consumer<Call> openApi,
            HealthChecks health,
            @Nullable MetricsPage metrics) {
        this.resources = resources;
        this.discovery = discovery;
        this.openApi = openApi;
        this.health = health;
        this.metrics = metrics;
    }

    @Override
    public void accept(Call call) {
        String path = call.info().path();
        if (call.info().resourceRequest()) {
            resources.accept(call);
        } else if (HealthChecks.isHealthPath(path)) {
            call.offload(() -> health(call));
        } else if (DiscoveryHandler.answers(path)) {
            discovery.accept(call);
        } else if (OpenApiHandler.answers(path)) {
            openApi.accept(call);
        } else if (path.equals("/metrics") && metrics != null) {
            MetricsPage page = metrics;
            call.offload(page::answer);
        } else {
            throw ApiErrors.noSuchResource();
        }
    }

    private Answer health(Call call) {
        HealthChecks.Answer answer = health.answer(
                call.info().path(),
                call.query().has("verbose"),
                new HashSet<>(call.query().all("exclude")));
        return Answer.text(answer.code(), answer.text()).with("X-Content-Type-Options", "nosniff");
    }
}
