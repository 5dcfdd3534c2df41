package io.vertikube.apiserver.proxy;

import io.vertikube.apiserver.front.Call;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Passes a request on and its answer back, streaming both. Credentials stay here, connection headers too; redirects are
 * the client's to follow. Confined to the event loop of its call.
 */
final class HttpRelay {

    private static final Set<String> KEPT_BACK = Set.of(
            "host",
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "authorization",
            "content-length",
            "expect");
    private static final List<String> KEPT_BACK_PREFIXES = List.of("impersonate-", "x-remote-", ":");

    private final Call call;
    private final Target target;
    private final ProxyLimits limits;
    private final boolean errorsAsStatus;

    private HttpRelay(Call call, Target target, ProxyLimits limits, boolean errorsAsStatus) {
        this.call = call;
        this.target = target;
        this.limits = limits;
        this.errorsAsStatus = errorsAsStatus;
    }

    /** Relays any request to a pod or kubelet, with its method, headers and body. */
    static void relay(Call call, Target target, String uri, Backends backends, ProxyLimits limits) {
        new HttpRelay(call, target, limits, false).send(uri, backends, true);
    }

    /** Streams what a kubelet answers to a GET; what it refuses becomes a Status. */
    static void stream(Call call, Target target, String uri, Backends backends, ProxyLimits limits) {
        new HttpRelay(call, target, limits, true).send(uri, backends, false);
    }

    private void send(String uri, Backends backends, boolean everything) {
        call.request().pause();
        var options = new RequestOptions()
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.tls())
                .setURI(uri)
                .setMethod(everything ? call.request().method() : io.vertx.core.http.HttpMethod.GET);
        backends.http(target)
                .request(options)
                .onComplete(made -> call.onContext(() -> {
                    if (made.failed()) {
                        call.fail(Refusal.unreachable(target, made.cause()));
                        return;
                    }
                    HttpClientRequest request = made.result();
                    if (call.isOver()) {
                        request.reset();
                        return;
                    }
                    call.onEnd(request::reset);
                    if (everything) {
                        copy(call.request().headers(), request.headers());
                    }
                    request.response()
                            .onComplete(answered -> call.onContext(() -> {
                                if (answered.failed()) {
                                    call.fail(Refusal.unreachable(target, answered.cause()));
                                } else {
                                    answer(answered.result());
                                }
                            }));
                    if (everything) {
                        request.send(call.request());
                    } else {
                        call.request().resume();
                        request.end();
                    }
                }));
    }

    private void answer(HttpClientResponse answer) {
        if (errorsAsStatus && answer.statusCode() >= 300) {
            refused(answer);
            return;
        }
        String type = answer.getHeader("Content-Type");
        if (!call.begin(answer.statusCode(), type == null ? "text/plain" : type)) {
            return;
        }
        HttpServerResponse response = call.request().response();
        if (!errorsAsStatus) {
            copy(answer.headers(), response.headers());
        }
        String length = answer.getHeader("Content-Length");
        if (length != null && !errorsAsStatus) {
            response.headers().set("Content-Length", length);
        } else {
            response.setChunked(true);
        }
        response.writeHead();
        answer.pipeTo(response).onFailure(e -> response.reset());
    }

    private void refused(HttpClientResponse answer) {
        Buffer said = Buffer.buffer();
        answer.handler(bytes -> {
            if (said.length() < limits.errorBytes()) {
                said.appendBuffer(bytes);
            }
        });
        answer.exceptionHandler(e -> call.fail(Refusal.of(answer.statusCode(), said.getBytes())));
        answer.endHandler(v -> call.fail(Refusal.of(answer.statusCode(), said.getBytes())));
    }

    private static void copy(MultiMap from, MultiMap to) {
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!KEPT_BACK.contains(name) && KEPT_BACK_PREFIXES.stream().noneMatch(name::startsWith)) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }
}
