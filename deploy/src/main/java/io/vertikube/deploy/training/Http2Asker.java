package io.vertikube.deploy.training;

import io.vertikube.client.KubeConfig;
import io.vertikube.service.TlsIdentity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Asks over HTTP/2, as kubectl and every client-go do. Blocks; for one thread. */
final class Http2Asker implements Questions.Asker, AutoCloseable {
    private static final long MOST_MILLIS = 30_000;

    private final HttpClient client;
    private final String server;

    /** @param identity of an administrator, with a client certificate */
    Http2Asker(Vertx vertx, KubeConfig identity) {
        server = identity.server().toString();
        client = vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(identity.caPem())))
                .setKeyCertOptions(TlsIdentity.of(
                        Objects.requireNonNull(identity.certPem()), Objects.requireNonNull(identity.keyPem()))));
    }

    @Override
    public void ask(String method, String path, @Nullable String type, byte @Nullable [] body, String accept) {
        var options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(method))
                .setTimeout(MOST_MILLIS)
                .setAbsoluteURI(server + path)
                .putHeader("Accept", accept);
        if (type != null) {
            options.putHeader("Content-Type", type);
        }
        Buffer sent = body == null ? Buffer.buffer() : Buffer.buffer(body);
        Future<HttpClientResponse> answered = client.request(options)
                .compose((HttpClientRequest request) ->
                        request.send(sent).compose(response -> response.body().map(response)));
        HttpClientResponse response = answered.await();
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(method + " " + path + " was answered with " + response.statusCode());
        }
    }

    @Override
    public void close() {
        client.close().await();
    }
}
