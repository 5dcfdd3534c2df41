package io.vertikube.apiserver.proxy;

import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.object.ApiErrors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Whole pages of kubelets, for the server's own use, over the connections that streams take. Safe for any thread. */
public final class KubeletPages {

    private final ObjectStorage storage;
    private final Targets targets;
    private final Backends backends;

    KubeletPages(ObjectStorage storage, Targets targets, Backends backends) {
        this.storage = storage;
        this.targets = targets;
        this.backends = backends;
    }

    /**
     * The body of a page, read as text. Blocks a virtual thread, for the timeout at most.
     *
     * @throws io.vertikube.object.ApiException if the node is not known or not reached, or refuses
     */
    public String page(String node, String path, Duration timeout, int mostBytes) {
        Target target = targets.kubelet(storage.snapshot(Read.any()), node);
        var body = new CompletableFuture<String>();
        var options = new RequestOptions()
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.tls())
                .setURI(path)
                .setMethod(HttpMethod.GET)
                .setTimeout(timeout.toMillis());
        backends.http(target)
                .request(options)
                .onFailure(body::completeExceptionally)
                .onSuccess(request -> {
                    body.whenComplete((text, failure) -> {
                        if (failure != null) {
                            request.reset();
                        }
                    });
                    request.response().onFailure(body::completeExceptionally).onSuccess(answer -> {
                        read(answer, mostBytes, body);
                    });
                    request.end();
                });
        try {
            return body.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            body.completeExceptionally(e);
            throw ApiErrors.serviceUnavailable("node " + node + " did not answer within " + timeout.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw Refusal.unreachable(target, e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            body.completeExceptionally(e);
            Thread.currentThread().interrupt();
            throw ApiErrors.serviceUnavailable("the server stops");
        }
    }

    private static void read(HttpClientResponse answer, int mostBytes, CompletableFuture<String> body) {
        if (answer.statusCode() != 200) {
            body.completeExceptionally(new IllegalStateException(
                    "the kubelet answered " + answer.statusCode() + " " + answer.statusMessage()));
            return;
        }
        Buffer text = Buffer.buffer();
        answer.handler(bytes -> {
            text.appendBuffer(bytes);
            if (text.length() > mostBytes) {
                body.completeExceptionally(
                        new IllegalStateException("the kubelet's page is larger than " + mostBytes + " bytes"));
            }
        });
        answer.exceptionHandler(body::completeExceptionally);
        answer.endHandler(v -> body.complete(text.toString(StandardCharsets.UTF_8)));
    }
}
