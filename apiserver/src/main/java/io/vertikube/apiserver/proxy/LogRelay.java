package io.vertikube.apiserver.proxy;

import io.vertikube.apiserver.front.Call;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Streams what a kubelet says of a log; what it refuses becomes a Status. A client that asks for a WebSocket gets a message
 * for each piece, in base64 where it asks for {@code base64.binary.k8s.io}. Confined to the event loop of its call.
 */
final class LogRelay {

    /** Sub-protocols that a log is sent in. */
    private static final String BASE64 = "base64.binary.k8s.io";

    private final Call call;
    private final Target target;
    private final ProxyLimits limits;

    private LogRelay(Call call, Target target, ProxyLimits limits) {
        this.call = call;
        this.target = target;
        this.limits = limits;
    }

    static void stream(Call call, Target target, String uri, Backends backends, ProxyLimits limits) {
        var relay = new LogRelay(call, target, limits);
        var options = new RequestOptions()
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(true)
                .setURI(uri)
                .setMethod(HttpMethod.GET);
        call.request().pause();
        boolean unverified = call.query().flag("insecureSkipTLSVerifyBackend");
        (unverified ? backends.unverified() : backends.http(target))
                .request(options)
                .onComplete(made -> call.onContext(() -> {
                    if (made.failed()) {
                        call.request().resume();
                        call.fail(Refusal.unreachable(target, made.cause()));
                    } else if (call.isOver()) {
                        made.result().reset();
                    } else {
                        relay.ask(made.result());
                    }
                }));
    }

    private void ask(HttpClientRequest request) {
        call.onEnd(request::reset);
        request.response()
                .onComplete(answered -> call.onContext(() -> {
                    if (answered.failed()) {
                        call.request().resume();
                        call.fail(Refusal.unreachable(target, answered.cause()));
                    } else if (answered.result().statusCode() >= 300) {
                        refused(answered.result());
                    } else if ("websocket".equalsIgnoreCase(call.header("Upgrade")) && Tunnel.isUpgrade(call)) {
                        overWebSocket(answered.result());
                    } else {
                        plainly(answered.result());
                    }
                }));
        request.end();
    }

    private void plainly(HttpClientResponse log) {
        call.request().resume();
        if (!call.begin(log.statusCode(), "text/plain")) {
            return;
        }
        HttpServerResponse response = call.request().response();
        response.setChunked(true).writeHead();
        log.pipeTo(response).onFailure(e -> response.reset());
    }

    private void overWebSocket(HttpClientResponse log) {
        log.pause();
        call.request().toWebSocket().onComplete(upgraded -> {
            if (upgraded.failed()) {
                call.onContext(call::finished);
            } else {
                carry(log, upgraded.result());
            }
        });
    }

    private void carry(HttpClientResponse log, ServerWebSocket socket) {
        boolean text = BASE64.equals(socket.subProtocol());
        socket.handler(ignored -> {});
        socket.exceptionHandler(e -> socket.close());
        socket.closeHandler(v -> call.onContext(call::finished));
        // Tells the client that the log is there, be it empty.
        write(socket, Buffer.buffer(), text);
        log.handler(piece -> {
            write(socket, piece, text);
            if (socket.writeQueueFull()) {
                log.pause();
                socket.drainHandler(v -> log.resume());
            }
        });
        log.exceptionHandler(e -> socket.close((short) 1011, "the log broke off"));
        log.endHandler(v -> socket.close());
        log.resume();
    }

    private static void write(ServerWebSocket socket, Buffer piece, boolean text) {
        if (text) {
            socket.writeTextMessage(
                    new String(Base64.getEncoder().encode(piece.getBytes()), StandardCharsets.US_ASCII));
        } else {
            socket.writeBinaryMessage(piece);
        }
    }

    private void refused(HttpClientResponse answer) {
        call.request().resume();
        Buffer said = Buffer.buffer();
        answer.handler(bytes -> {
            if (said.length() < limits.errorBytes()) {
                said.appendBuffer(bytes);
            }
        });
        answer.exceptionHandler(e -> call.fail(Refusal.of(answer.statusCode(), said.getBytes())));
        answer.endHandler(v -> call.fail(Refusal.of(answer.statusCode(), said.getBytes())));
    }
}
