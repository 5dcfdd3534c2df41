package io.vertikube.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.openapi.Once;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.object.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Posts a review to a webhook and reads what it answers: over TLS alone, to the host that was named and nowhere else (no
 * redirects, no proxies), with a limit on time and size. Blocks, so for virtual threads; safe for any.
 */
public final class WebhookClient implements AutoCloseable {

    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    private final Once<HttpClient> client;
    private final Supplier<Snapshot> objects;
    private final WebhookLimits limits;
    private final RandomGenerator random;
    private volatile boolean used;

    /** @param objects where Services and their endpoints are found */
    public WebhookClient(Vertx vertx, Supplier<Snapshot> objects, WebhookLimits limits, RandomGenerator random) {
        this.objects = objects;
        this.limits = limits;
        this.random = random;
        this.client = new Once<>(() -> vertx.createHttpClient(
                new HttpClientOptions()
                        .setSsl(true)
                        .setVerifyHost(true)
                        .setEnabledSecureTransportProtocols(PROTOCOLS)
                        .setConnectTimeout(
                                Math.toIntExact(limits.connectTimeout().toMillis())),
                new PoolOptions().setHttp1MaxSize(limits.connectionsPerHost())));
    }

    /** Asks once; the answer is a JSON object. */
    public ObjectNode call(WebhookTarget target, ObjectNode review) throws WebhookFailure {
        SocketAddress server = server(target);
        used = true;
        var options = new RequestOptions()
                .setServer(server)
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(true)
                .setSslOptions(trust(target))
                .setFollowRedirects(false)
                .setMethod(HttpMethod.POST)
                .setURI(target.pathWithTimeout())
                .setTimeout(target.timeout().toMillis())
                .putHeader("Content-Type", "application/json")
                .putHeader("Accept", "application/json")
                .putHeader("User-Agent", "kube-apiserver-admission");
        Buffer body = Buffer.buffer(Json.bytes(review));
        Future<Buffer> answer = client.get()
                .request(options)
                // Both on the loop: whoever asks for the body a moment later may find that it has passed by.
                .compose(request -> request.send(body).compose(this::read));
        try {
            byte[] bytes = answer.toCompletionStage()
                    .toCompletableFuture()
                    .get(target.timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .getBytes();
            JsonNode tree = Json.tree(bytes);
            if (tree instanceof ObjectNode object) {
                return object;
            }
            throw new WebhookFailure("the answer is no JSON object");
        } catch (TimeoutException e) {
            throw new WebhookFailure("Post \"" + target.shown() + "\": context deadline exceeded");
        } catch (ExecutionException e) {
            throw failed(target, e.getCause() == null ? e : e.getCause());
        } catch (UncheckedIOException e) {
            throw new WebhookFailure("the answer is no JSON");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WebhookFailure("the server stops");
        }
    }

    private SocketAddress server(WebhookTarget target) throws WebhookFailure {
        if (target.service().isEmpty()) {
            return SocketAddress.inetSocketAddress(target.port(), target.host());
        }
        try {
            List<ServiceRoute.Hop> hops =
                    ServiceRoute.of(objects.get(), target.service().get());
            ServiceRoute.Hop hop = hops.get(random.nextInt(hops.size()));
            return SocketAddress.inetSocketAddress(hop.port(), hop.host());
        } catch (WebhookFailure e) {
            throw new WebhookFailure("Post \"" + target.shown() + "\": " + e.getMessage());
        }
    }

    private static ClientSSLOptions trust(WebhookTarget target) {
        var options = new ClientSSLOptions()
                .setHostnameVerificationAlgorithm("HTTPS")
                .setEnabledSecureTransportProtocols(PROTOCOLS);
        if (!target.authority().isEmpty()) {
            options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(target.authority())));
        }
        return options;
    }

    /** Reads an answer up to the limit. */
    private Future<Buffer> read(HttpClientResponse response) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            if (body.length() + chunk.length() > limits.answerBytes()) {
                whole.tryFail(
                        new IllegalStateException("the answer is longer than " + limits.answerBytes() + " bytes"));
                response.request().reset();
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(end -> {
            if (response.statusCode() == 200) {
                whole.tryComplete(body);
            } else {
                whole.tryFail(new Refused(refusal(response.statusCode(), body)));
            }
        });
        return whole.future();
    }

    /** An answer with another code than 200. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    private static String refusal(int code, Buffer body) {
        String said = body.getBuffer(0, Math.min(body.length(), 512)).toString(StandardCharsets.UTF_8);
        if (code == 404) {
            return "the server could not find the requested resource";
        }
        return code >= 500
                ? "an error on the server (\"" + said.strip() + "\") has prevented the request from succeeding"
                : "the server responded with the status code " + code + " but did not return more information";
    }

    private static WebhookFailure failed(WebhookTarget target, Throwable cause) {
        if (cause instanceof Refused) {
            return new WebhookFailure(String.valueOf(cause.getMessage()));
        }
        String timedOut = cause.getClass().getSimpleName().contains("Timeout") ? "context deadline exceeded" : "";
        return new WebhookFailure("Post \"" + target.shown() + "\": "
                + (timedOut.isEmpty() ? String.valueOf(cause.getMessage()) : timedOut));
    }

    @Override
    public void close() {
        if (used) {
            client.get().close();
        }
    }
}
