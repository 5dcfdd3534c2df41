package io.vertikube.apiserver.proxy;

import io.vertikube.apiserver.front.Call;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.service.UpgradedConnection;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries an upgraded connection (WebSocket or SPDY) between a client and a kubelet or pod, byte by byte. The other side
 * sees an upgrade request of ours: a kubelet with nothing of the client's but the words of the upgrade, a pod without
 * what says who the client is. Only its 101 opens the
 * tunnel; anything else is told to the client as an error and both connections end (CVE-2018-1002105, CVE-2020-8559).
 * Confined to the event loop of its call.
 */
final class Tunnel {

    /** All that is passed on of the client's request. */
    private static final List<String> ASKED = List.of(
            "Upgrade",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Protocol",
            "X-Stream-Protocol-Version",
            "User-Agent");

    /** All that is passed back of the answer. */
    private static final List<String> ANSWERED =
            List.of("upgrade", "sec-websocket-accept", "sec-websocket-protocol", "x-stream-protocol-version");

    private final Call call;
    private final Target target;
    private final NetSocket backend;
    private final ProxyLimits limits;
    private final long timer;
    private Buffer received = Buffer.buffer();
    private boolean decided;
    private boolean backendGone;

    private Tunnel(Call call, Target target, NetSocket backend, ProxyLimits limits) {
        this.call = call;
        this.target = target;
        this.backend = backend;
        this.limits = limits;
        this.timer = call.context().owner().setTimer(limits.headTimeout().toMillis(), id -> give(504));
    }

    /** Whether the client asks for another protocol on its connection. */
    static boolean isUpgrade(Call call) {
        return UpgradedConnection.isAskedFor(call.request());
    }

    static void open(Call call, Target target, String uri, Backends backends, ProxyLimits limits) {
        if (!isUpgrade(call)) {
            throw ApiErrors.badRequest("Upgrade request required");
        }
        call.request().resume();
        backends.sockets(target)
                .connect(target.port(), target.host())
                .onComplete(connected -> call.onContext(() -> {
                    if (connected.failed()) {
                        call.fail(unreachable(target, connected.cause()));
                        return;
                    }
                    var tunnel = new Tunnel(call, target, connected.result(), limits);
                    tunnel.ask(uri);
                }));
    }

    private void ask(String uri) {
        var head = new StringBuilder(call.method())
                .append(' ')
                .append(uri)
                .append(" HTTP/1.1\r\nHost: ")
                .append(target.authority())
                .append("\r\nConnection: Upgrade\r\n");
        for (Map.Entry<String, String> field : asked()) {
            head.append(field.getKey())
                    .append(": ")
                    .append(field.getValue().replaceAll("[\r\n]", " "))
                    .append("\r\n");
        }
        if (call.method().equals("POST")) {
            head.append("Content-Length: 0\r\n");
        }
        call.onEnd(this::abandoned);
        backend.exceptionHandler(e -> give(502));
        backend.closeHandler(v -> {
            backendGone = true;
            give(502);
        });
        backend.handler(this::headArrives);
        backend.write(head.append("\r\n").toString());
    }

    /** A kubelet sees the words of the upgrade alone; a pod's own protocol may need more. */
    private List<Map.Entry<String, String>> asked() {
        var fields = new ArrayList<Map.Entry<String, String>>();
        if (!target.kubelet()) {
            fields.addAll(ProxiedHeaders.toBackend(call.request().headers()));
            fields.add(Map.entry("Upgrade", call.header("Upgrade")));
            return fields;
        }
        for (String name : ASKED) {
            call.request().headers().getAll(name).forEach(value -> fields.add(Map.entry(name, value)));
        }
        return fields;
    }

    private boolean passedBack(String name) {
        return ANSWERED.contains(name)
                || (!target.kubelet() && (name.startsWith("sec-websocket-") || name.equals("set-cookie")));
    }

    private void headArrives(Buffer bytes) {
        received.appendBuffer(bytes);
        Optional<ResponseHead> head;
        try {
            head = ResponseHead.read(received.getBytes());
        } catch (IllegalArgumentException e) {
            give(502);
            return;
        }
        if (head.isEmpty()) {
            if (received.length() > limits.headBytes()) {
                give(502);
            }
        } else if (head.get().code() == 101) {
            decided = true;
            call.context().owner().cancelTimer(timer);
            backend.pause();
            upgrade(head.get());
        } else {
            refused(head.get());
        }
    }

    private void upgrade(ResponseHead head) {
        Future<NetSocket> taken = UpgradedConnection.of(call.request());
        taken.onComplete(result -> {
            if (result.failed()) {
                backend.close();
                call.fail(ApiErrors.badRequest("Upgrade request required"));
                return;
            }
            NetSocket client = result.result();
            client.pause();
            var answer = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n");
            for (ResponseHead.Field field : head.fields()) {
                if (passedBack(field.name())) {
                    answer.append(field.name())
                            .append(": ")
                            .append(field.value())
                            .append("\r\n");
                }
            }
            // A client that left meanwhile closes no more: only this write tells.
            client.write(Buffer.buffer(answer.append("\r\n").toString())
                            .appendBuffer(received.getBuffer(head.length(), received.length())))
                    .onFailure(e -> {
                        backend.close();
                        call.onContext(call::finished);
                    });
            received = Buffer.buffer();
            join(client);
        });
    }

    private void join(NetSocket client) {
        client.exceptionHandler(e -> backend.close());
        backend.exceptionHandler(e -> client.close());
        backend.handler(null);
        backend.closeHandler(v -> client.close());
        client.closeHandler(v -> {
            backend.close();
            call.onContext(call::finished);
        });
        if (backendGone) {
            client.close();
            return;
        }
        client.pipeTo(backend);
        backend.pipeTo(client);
    }

    /** The other side refuses: its sentence is the client's answer. */
    private void refused(ResponseHead head) {
        decided = true;
        call.context().owner().cancelTimer(timer);
        var body = received.getBuffer(head.length(), received.length());
        String length = head.field("content-length");
        int wanted = limits.errorBytes();
        if (length != null && length.matches("\\d{1,9}")) {
            wanted = Math.min(wanted, Integer.parseInt(length));
        }
        int most = wanted;
        long patience = call.context().owner().setTimer(1_000, id -> backend.close());
        Runnable told = () -> {
            call.context().owner().cancelTimer(patience);
            byte[] said = body.getBytes(0, Math.min(body.length(), most));
            call.fail(Refusal.of(head.code(), said));
            backend.close();
        };
        backend.closeHandler(v -> told.run());
        backend.handler(more -> {
            body.appendBuffer(more);
            if (body.length() >= most) {
                told.run();
            }
        });
        if (body.length() >= most) {
            told.run();
        }
    }

    private void give(int code) {
        if (!decided) {
            decided = true;
            call.context().owner().cancelTimer(timer);
            call.fail(
                    code == 504
                            ? ApiErrors.timeout("the other side did not answer the upgrade", 1)
                            : unreachable(target, null));
            backend.close();
        }
    }

    private static ApiException unreachable(Target target, @Nullable Throwable failure) {
        return target.kubelet() ? Refusal.unreachable(target, failure) : Refusal.notServing(target, failure);
    }

    private void abandoned() {
        if (!decided) {
            decided = true;
            call.context().owner().cancelTimer(timer);
            backend.close();
        }
    }
}
