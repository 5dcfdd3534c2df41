package io.vertikube.apiserver.admission.webhook;

import io.vertikube.apiserver.TestApi;
import io.vertikube.service.Certificates;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;

/** An HTTPS server on loopback, with an authority of its own, that answers questions as a test says. */
final class HookServer implements AutoCloseable {

    /** Makes the answer to a question; the path says which hook was asked. */
    @FunctionalInterface
    interface Answers {
        byte[] answer(String path, byte[] question);
    }

    private final HttpServer server;
    private final String authority;

    HookServer(TestApi api, Answers answers) {
        Certificates ca = Certificates.create("webhooks", InstantSource.system());
        Certificates.Pair own = ca.server("webhook", List.of(), List.of("127.0.0.1"));
        authority = Base64.getEncoder().encodeToString(ca.authorityPem());
        server = api.vertx()
                .createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(own.certificate()))
                                .addKeyValue(Buffer.buffer(own.key()))))
                .requestHandler(request -> request.body()
                        .onSuccess(body -> request.response()
                                .putHeader("Content-Type", "application/json")
                                .end(Buffer.buffer(answers.answer(request.path(), body.getBytes())))))
                .listen()
                .await();
    }

    int port() {
        return server.actualPort();
    }

    /** Its authority as a configuration names it: PEM in Base64. */
    String authority() {
        return authority;
    }

    @Override
    public void close() {
        server.close().await();
    }
}
