package io.vertikube.service;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The HTTPS endpoint of a service that is no API server: health for everyone, metrics for callers with a certificate of
 * the cluster's authority (for everyone on plain HTTP bound to loopback). Runs on the event loop.
 */
public final class ServiceEndpoint implements AutoCloseable {

    private final HttpServer server;
    private final HealthChecks health;
    private final @Nullable PrometheusMeterRegistry metrics;

    private ServiceEndpoint(HttpServer server, HealthChecks health, @Nullable PrometheusMeterRegistry metrics) {
        this.server = server;
        this.health = health;
        this.metrics = metrics;
    }

    /**
     * Starts to listen and waits until it does.
     *
     * @param tls null for plain HTTP
     * @param port 0 for any free one
     */
    public static ServiceEndpoint start(
            Vertx vertx,
            String address,
            int port,
            @Nullable TlsFiles tls,
            HealthChecks health,
            @Nullable PrometheusMeterRegistry metrics) {
        HttpServer server = vertx.createHttpServer(options(tls));
        var endpoint = new ServiceEndpoint(server, health, metrics);
        server.requestHandler(endpoint::handle);
        try {
            server.listen(port, address).await();
        } catch (Exception e) { // await() throws what the future failed with, be it checked.
            throw new IllegalStateException(
                    "cannot listen on " + address + ":" + port + " (" + e.getMessage() + "); is it in use?", e);
        }
        return endpoint;
    }

    /** The port it listens on. */
    public int port() {
        return server.actualPort();
    }

    /** TLS as every server of the suite serves it: 1.2 or newer, client certificates asked for, not demanded. */
    public static HttpServerOptions options(@Nullable TlsFiles tls) {
        var options = new HttpServerOptions();
        if (tls != null) {
            options.setSsl(true)
                    .setSslEngineOptions(new PlatformTls())
                    .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .addCertPath(tls.certificate().toString())
                            .addKeyPath(tls.key().toString()));
            if (tls.clientCa() != null) {
                options.setClientAuth(ClientAuth.REQUEST)
                        .setTrustOptions(
                                new PemTrustOptions().addCertPath(tls.clientCa().toString()));
            }
        }
        return options;
    }

    @Override
    public void close() {
        server.close();
    }

    private void handle(HttpServerRequest request) {
        if (HealthChecks.isHealthPath(request.path())) {
            HealthChecks.Answer answer = health.answer(
                    request.path(),
                    request.params().contains("verbose"),
                    new HashSet<>(request.params().getAll("exclude")));
            request.response()
                    .setStatusCode(answer.code())
                    .putHeader("Content-Type", "text/plain; charset=utf-8")
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .end(answer.text());
        } else if (request.path().equals("/metrics") && metrics != null) {
            if (request.isSSL() && !hasCertificate(request)) {
                request.response().setStatusCode(401).end("Unauthorized: show a client certificate of the cluster\n");
                return;
            }
            request.response()
                    .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                    .end(metrics.scrape());
        } else {
            request.response().setStatusCode(404).end("404 page not found\n");
        }
    }

    private static boolean hasCertificate(HttpServerRequest request) {
        try {
            return !request.connection().peerCertificates().isEmpty();
        } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
            return false;
        }
    }
}
