package io.vertikube.kubelet.server;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertikube.client.ApiClient;
import io.vertikube.kubelet.KubeletOptions;
import io.vertikube.kubelet.pod.Pods;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.stats.CadvisorMetrics;
import io.vertikube.kubelet.stats.ResourceMetrics;
import io.vertikube.kubelet.stats.SummaryReport;
import io.vertikube.kubelet.stats.UsageSource;
import io.vertikube.kubelet.stats.VolumeMetrics;
import io.vertikube.object.Json;
import io.vertikube.service.HealthChecks;
import io.vertikube.service.ServiceEndpoint;
import io.vertikube.value.PercentCode;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTPS server of a kubelet. The event loop only takes requests; each is answered on a virtual thread of its own.
 */
public final class KubeletServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KubeletServer.class);
    private static final int WEB_SOCKET_MESSAGE = 1 << 20;

    private final HttpServer server;
    private final Access access;
    private final PodTargets targets;
    private final StreamingHandler streaming;
    private final Pods pods;
    private final UsageSource usage;
    private final SystemLogs systemLogs;
    private final HealthChecks health;
    private final MeterRegistry meters;
    private final InstantSource clock;
    private @Nullable ServiceEndpoint plainHealth;

    private KubeletServer(
            HttpServer server,
            KubeletOptions options,
            ApiClient client,
            ContainerRuntime runtime,
            Pods pods,
            UsageSource usage,
            HealthChecks health,
            MeterRegistry meters,
            InstantSource clock) {
        this.server = server;
        this.access = new Access(client, options.hostname(), options.policies().access(), clock);
        this.targets = new PodTargets(pods, runtime, options.podLogsDir());
        this.streaming =
                new StreamingHandler(runtime, options.policies().runtime().idleStream());
        this.pods = pods;
        this.usage = usage;
        this.systemLogs = new SystemLogs(options.policies().systemLogs());
        this.health = health;
        this.meters = meters;
        this.clock = clock;
    }

    /** Starts to listen and waits until it does. */
    public static KubeletServer start(
            Vertx vertx,
            KubeletOptions options,
            ApiClient client,
            ContainerRuntime runtime,
            Pods pods,
            UsageSource usage,
            HealthChecks health,
            MeterRegistry meters,
            InstantSource clock)
            throws IOException {
        HttpServerOptions http = ServiceEndpoint.options(ServingCertificate.of(options, clock));
        options.policies().tls().apply(http);
        http.setWebSocketSubProtocols(StreamProtocols.ALL)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(WEB_SOCKET_MESSAGE)
                .setMaxWebSocketMessageSize(WEB_SOCKET_MESSAGE)
                .setUseAlpn(false)
                .setHttp2ClearTextEnabled(false);
        HttpServer server = vertx.createHttpServer(http);
        var kubelet = new KubeletServer(server, options, client, runtime, pods, usage, health, meters, clock);
        server.requestHandler(kubelet::accept);
        try {
            server.listen(options.port(), options.bindAddress()).await();
        } catch (Exception e) { // await() throws what the future failed with, be it checked.
            throw new IllegalStateException(
                    "cannot listen on " + options.bindAddress() + ":" + options.port() + " (" + e.getMessage()
                            + "); is another kubelet running?",
                    e);
        }
        if (options.healthzPort() > 0) {
            kubelet.plainHealth = ServiceEndpoint.start(vertx, "127.0.0.1", options.healthzPort(), null, health, null);
        }
        return kubelet;
    }

    public int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        if (plainHealth != null) {
            plainHealth.close();
        }
        server.close().await();
    }

    private void accept(HttpServerRequest request) {
        if (HealthChecks.isHealthPath(request.path())) {
            HealthChecks.Answer answer = health.answer(
                    request.path(),
                    request.params().contains("verbose"),
                    new HashSet<>(request.params().getAll("exclude")));
            text(request, answer.code(), answer.text());
            return;
        }
        // Held until a thread has decided what becomes of it: an upgrade must not lose its first bytes.
        request.pause();
        Context loop = Objects.requireNonNull(Vertx.currentContext());
        Thread.ofVirtual().name("request " + request.path()).start(() -> answer(request, loop));
    }

    private void answer(HttpServerRequest request, Context loop) {
        try {
            access.check(request);
            route(request, loop);
        } catch (HttpProblem e) {
            fail(request, e.code(), String.valueOf(e.getMessage()));
        } catch (RuntimeFailure e) {
            fail(request, 500, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} {} ends: {}", request.method(), request.path(), e.toString());
            fail(request, 500, String.valueOf(e.getMessage()));
        }
    }

    private void route(HttpServerRequest request, Context loop) throws IOException, InterruptedException {
        String[] path = request.path().substring(1).split("/");
        switch (path[0]) {
            case "logs" -> systemLogs.answer(request, decoded(request));
            case "containerLogs" -> logs(request, path);
            case "exec" -> streaming.exec(request, loop, targets.runningContainer(path));
            case "attach" -> streaming.attach(request, loop, targets.runningContainer(path));
            case "portForward" -> streaming.portForward(request, loop, targets.sandbox(path));
            case "pods", "runningpods" -> pods(request);
            case "stats" -> json(request, SummaryReport.of(usage));
            case "metrics" -> metrics(request, path.length > 1 ? path[1] : "");
            default -> throw new HttpProblem(404, "404 page not found");
        }
    }

    private static String decoded(HttpServerRequest request) {
        try {
            return PercentCode.decode(request.path());
        } catch (IllegalArgumentException e) {
            throw new HttpProblem(400, "the path " + request.path() + " is none: " + e.getMessage());
        }
    }

    private void pods(HttpServerRequest request) {
        List<Pod> all = pods.all();
        json(
                request,
                new PodListBuilder()
                        .withNewMetadata()
                        .endMetadata()
                        .withItems(all)
                        .build());
    }

    private void metrics(HttpServerRequest request, String which) throws IOException, InterruptedException {
        String body =
                switch (which) {
                    case "" ->
                        (meters instanceof PrometheusMeterRegistry prometheus ? prometheus.scrape() : "")
                                + VolumeMetrics.of(usage);
                    case "resource" -> ResourceMetrics.of(usage);
                    case "cadvisor" -> CadvisorMetrics.of(usage);
                    default -> throw new HttpProblem(404, "404 page not found");
                };
        request.resume();
        request.response()
                .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .end(body);
    }

    private void logs(HttpServerRequest request, String[] path) throws IOException, InterruptedException {
        LogOptions wanted = LogOptions.parse(request.params(), clock);
        PodTargets.LogFile log = targets.log(path, wanted.previous());
        request.resume();
        request.response().putHeader("Content-Type", "text/plain").setChunked(true);
        var sink = new ResponseSink(request.response());
        if (wanted.follow()) {
            sink.begin();
        }
        new LogReader(log.file(), wanted, sink, () -> targets.isRunning(log.containerId())).read();
        request.response().end();
    }

    private static void json(HttpServerRequest request, Object body) {
        request.resume();
        request.response().putHeader("Content-Type", "application/json").end(Buffer.buffer(Json.bytes(body)));
    }

    private static void fail(HttpServerRequest request, int code, String message) {
        if (!request.response().headWritten() && !request.response().ended()) {
            request.resume();
            text(request, code, message + "\n");
        } else if (!request.response().ended()) {
            request.connection().close();
        }
    }

    private static void text(HttpServerRequest request, int code, String body) {
        request.response()
                .setStatusCode(code)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(body);
    }
}
