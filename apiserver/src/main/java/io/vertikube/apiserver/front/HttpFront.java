package io.vertikube.apiserver.front;

import io.vertikube.object.ApiException;
import io.vertikube.service.PlatformTls;
import io.vertikube.service.TlsIdentity;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.TrustOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The HTTPS listener: HTTP/1.1 and h2 by ALPN, TLS 1.2 or newer, client certificates asked for but not demanded. One
 * listener an event loop shares the port. Safe for any thread.
 */
public final class HttpFront implements AutoCloseable {

    /**
     * Where to listen and as whom.
     *
     * @param port 0 for any free one
     * @param certificatePem the serving certificate, chain after it
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Binding(String address, int port, byte[] certificatePem, byte[] keyPem) {}

    private final Vertx vertx;
    private final String deployment;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private HttpFront(Vertx vertx, String deployment, int port) {
        this.vertx = vertx;
        this.deployment = deployment;
        this.port = port;
    }

    /**
     * Listens; blocks until it does.
     *
     * @param calls gets each request, on its event loop
     * @param documents writes answers that are trees
     * @param translate makes an answer of what is no {@link ApiException}
     */
    public static HttpFront start(
            Vertx vertx,
            Binding binding,
            PeerCertificates peers,
            FrontLimits limits,
            int listeners,
            Documents documents,
            Function<Throwable, ApiException> translate,
            Consumer<Call> calls) {
        var actualPort = new AtomicInteger();
        HttpServerOptions options = options(binding, peers, limits);
        String deployment;
        try {
            deployment = vertx.deployVerticle(
                            () -> new Listener(options, limits, documents, translate, calls, actualPort),
                            new DeploymentOptions().setInstances(listeners))
                    .await();
        } catch (Exception e) { // await() throws what the future failed with, be it checked.
            throw new IllegalStateException(
                    "cannot listen on " + binding.address() + ":" + binding.port() + " (" + e.getMessage()
                            + "); is another server running there?",
                    e);
        }
        return new HttpFront(vertx, deployment, actualPort.get());
    }

    public int port() {
        return port;
    }

    /** Takes no more connections and ends those there are; a second time does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            vertx.undeploy(deployment).await();
        }
    }

    private static HttpServerOptions options(Binding binding, PeerCertificates peers, FrontLimits limits) {
        return new HttpServerOptions()
                .setHost(binding.address())
                .setPort(binding.port() == 0 ? -1 : binding.port())
                .setReuseAddress(true)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setSsl(true)
                .setUseAlpn(true)
                .setSslEngineOptions(new PlatformTls())
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
                .setKeyCertOptions(TlsIdentity.of(binding.certificatePem(), binding.keyPem()))
                .setClientAuth(ClientAuth.REQUEST)
                .setTrustOptions(TrustOptions.wrap(peers.asking()))
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxInitialLineLength(limits.lineBytes())
                .setHandle100ContinueAutomatically(true)
                .setWebSocketSubProtocols(List.of("binary.k8s.io", "base64.binary.k8s.io"))
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(limits.streamsPerConnection())
                        .setMaxHeaderListSize(limits.headerBytes()));
    }

    private static final class Listener extends VerticleBase {
        private final HttpServerOptions options;
        private final FrontLimits limits;
        private final Documents documents;
        private final Function<Throwable, ApiException> translate;
        private final Consumer<Call> calls;
        private final AtomicInteger actualPort;
        private final Connections connections;

        Listener(
                HttpServerOptions options,
                FrontLimits limits,
                Documents documents,
                Function<Throwable, ApiException> translate,
                Consumer<Call> calls,
                AtomicInteger actualPort) {
            this.options = options;
            this.limits = limits;
            this.documents = documents;
            this.translate = translate;
            this.calls = calls;
            this.actualPort = actualPort;
            this.connections = new Connections(limits);
        }

        @Override
        public Future<?> start() {
            vertx.setPeriodic(1_000, id -> connections.look());
            return vertx.createHttpServer(options)
                    .connectionHandler(connections::opened)
                    .requestHandler(this::handle)
                    .exceptionHandler(e -> {})
                    .listen()
                    .onSuccess(server -> actualPort.set(server.actualPort()));
        }

        private void handle(HttpServerRequest request) {
            Context context = vertx.getOrCreateContext();
            var query = new Query(request.params());
            RequestInfo info;
            try {
                info = RequestInfo.of(request.method().name(), path(request), query);
            } catch (ApiException e) {
                request.response()
                        .setStatusCode(e.code())
                        .putHeader("Content-Type", Answer.JSON)
                        .end(documents.write(Statuses.of(e), View.JSON));
                return;
            }
            var call = new Call(request, context, info, query, limits, documents, translate);
            connections.begun(call);
            call.step(() -> {
                call.readTimeout();
                calls.accept(call);
            });
        }

        private static String path(HttpServerRequest request) {
            String path = request.path();
            return path == null || path.isEmpty() ? "/" : path;
        }
    }
}
