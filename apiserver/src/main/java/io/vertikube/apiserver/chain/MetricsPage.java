package io.vertikube.apiserver.chain;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertikube.apiserver.front.Answer;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * The page that Prometheus reads. Safe for any thread.
 *
 * @param refresh brings up to date what is counted only when somebody looks
 */
public record MetricsPage(PrometheusMeterRegistry registry, Runnable refresh) {

    Answer answer() {
        refresh.run();
        return new Answer(200, "text/plain; version=0.0.4; charset=utf-8", Buffer.buffer(registry.scrape()), List.of());
    }
}
