package io.vertikube.apiserver.proxy;

import io.vertikube.apiserver.front.Call;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Passes a request on to a pod, Service or kubelet and its answer back, streaming both. Redirects are the client's to
 * follow; links of pages and redirects are made to lead through the proxy. Confined to the event loop of its call.
 */
final class HttpRelay {

    private static final Set<HttpMethod> WITHOUT_BODY = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Call call;
    private final Target target;
    private final String prefix;

    private HttpRelay(Call call, Target target, String prefix) {
        this.call = call;
        this.target = target;
        this.prefix = prefix;
    }

    /**
     * Relays any request, with its method, headers and body.
     *
     * @param prefix the path of the proxy itself, without a slash at its end
     */
    static void relay(Call call, Target target, String uri, String prefix, Backends backends) {
        new HttpRelay(call, target, prefix).send(uri, backends);
    }

    private void send(String uri, Backends backends) {
        call.request().pause();
        var options = new RequestOptions()
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.tls())
                .setURI(uri)
                .setMethod(call.request().method());
        backends.http(target)
                .request(options)
                .onComplete(made -> call.onContext(() -> {
                    if (made.failed()) {
                        call.request().resume();
                        call.fail(Refusal.notServing(target, made.cause()));
                    } else if (call.isOver()) {
                        made.result().reset();
                    } else {
                        ask(made.result());
                    }
                }));
    }

    private void ask(HttpClientRequest request) {
        call.onEnd(request::reset);
        MultiMap headers = request.headers();
        for (Map.Entry<String, String> header :
                ProxiedHeaders.toBackend(call.request().headers())) {
            headers.add(header.getKey(), header.getValue());
        }
        headers.set("X-Forwarded-Uri", call.request().uri())
                .set("X-Forwarded-Host", call.header("Host"))
                .set("X-Forwarded-Proto", "https");
        // A packed page could not be rewritten as it passes.
        if (call.header("Accept").contains("text/html")) {
            headers.remove("Accept-Encoding");
        }
        request.response()
                .onComplete(answered -> call.onContext(() -> {
                    if (answered.failed()) {
                        call.request().resume();
                        call.fail(Refusal.notServing(target, answered.cause()));
                    } else {
                        answer(answered.result());
                    }
                }));
        String length = call.header("Content-Length");
        boolean empty = length.isEmpty()
                && call.header("Transfer-Encoding").isEmpty()
                && (call.request().version() != HttpVersion.HTTP_2
                        || WITHOUT_BODY.contains(call.request().method()));
        if (empty) {
            call.request().resume();
            request.end();
        } else {
            if (!length.isEmpty()) {
                headers.set("Content-Length", length);
            }
            request.send(call.request());
        }
    }

    private void answer(HttpClientResponse answer) {
        String type = answer.getHeader("Content-Type");
        if (!call.begin(answer.statusCode(), type == null ? "" : type)) {
            return;
        }
        HttpServerResponse response = call.request().response();
        var kept = ProxiedHeaders.toClient(answer.headers());
        response.headers().remove("Content-Type");
        kept.forEach(header -> response.headers().remove(header.getKey()));
        kept.forEach(header -> response.headers().add(header.getKey(), header.getValue()));
        var links = new ProxiedLinks(target.authority(), prefix);
        String location = answer.getHeader("Location");
        if (location != null) {
            response.headers().set("Location", links.link(location));
        }
        boolean nothing = HttpMethod.HEAD.equals(call.request().method())
                || answer.statusCode() == 204
                || answer.statusCode() == 304;
        if (nothing) {
            String length = answer.getHeader("Content-Length");
            if (length != null && HttpMethod.HEAD.equals(call.request().method())) {
                response.headers().set("Content-Length", length);
            }
            answer.endHandler(v -> response.end()).exceptionHandler(e -> response.reset());
            answer.resume();
        } else if (isPage(type, answer.getHeader("Content-Encoding"))) {
            response.setChunked(true);
            rewrite(answer, response, links);
        } else {
            String length = answer.getHeader("Content-Length");
            if (length != null) {
                response.headers().set("Content-Length", length);
            } else {
                response.setChunked(true);
            }
            response.writeHead();
            answer.pipeTo(response).onFailure(e -> response.reset());
        }
    }

    private static boolean isPage(String type, String encoding) {
        return type != null
                && type.toLowerCase(Locale.ROOT).startsWith("text/html")
                && (encoding == null || encoding.equalsIgnoreCase("identity"));
    }

    private static void rewrite(HttpClientResponse answer, HttpServerResponse response, ProxiedLinks links) {
        response.writeHead();
        answer.handler(piece -> {
            byte[] page = links.page(piece.getBytes());
            if (page.length > 0) {
                response.write(Buffer.buffer(page));
            }
            if (response.writeQueueFull()) {
                answer.pause();
                response.drainHandler(v -> answer.resume());
            }
        });
        answer.exceptionHandler(e -> response.reset());
        answer.endHandler(v -> response.end(Buffer.buffer(links.end())));
        answer.resume();
    }
}
