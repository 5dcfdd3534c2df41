package io.vertikube.kubelet.server;

import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.StreamOptions;
import io.vertikube.service.UpgradedConnection;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Exec, attach and port-forward. A SPDY upgrade is carried byte by byte; over WebSocket, channels are translated, and
 * newer clients' port-forward is SPDY inside binary messages. Runs on the request's virtual thread.
 */
final class StreamingHandler {

    private static final int MOST_PORTS = 64;
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final ContainerRuntime runtime;
    private final Duration idle;

    /** {@code idle} is after what time a session that carries nothing is ended; zero for never. */
    StreamingHandler(ContainerRuntime runtime, Duration idle) {
        this.runtime = runtime;
        this.idle = idle;
    }

    void exec(HttpServerRequest request, Context loop, String containerId) throws IOException {
        List<String> command = request.params().getAll("command");
        if (command.isEmpty()) {
            throw new HttpProblem(400, "you must specify at least 1 command for exec");
        }
        StreamOptions streams = streams(request.params());
        command(request, loop, () -> runtime.execUrl(containerId, command, streams), streams);
    }

    void attach(HttpServerRequest request, Context loop, String containerId) throws IOException {
        StreamOptions streams = streams(request.params());
        command(request, loop, () -> runtime.attachUrl(containerId, streams), streams);
    }

    void portForward(HttpServerRequest request, Context loop, String sandboxId) throws IOException {
        List<Integer> ports = ports(request.params());
        Session session = () -> runtime.portForwardUrl(sandboxId, ports);
        List<String> protocols = List.of(StreamProtocols.PORT_FORWARD);
        if (!isWebSocket(request)) {
            tunnel(request, session, protocols);
            return;
        }
        String protocol = StreamProtocols.chosen(request.headers(), StreamProtocols.PORTS);
        boolean tunnelled = protocol.equals(StreamProtocols.PORT_FORWARD_TUNNEL);
        if (!tunnelled && ports.isEmpty()) {
            throw new HttpProblem(400, "query parameter \"port\" is required");
        }
        try (RuntimeStream stream = open(session, protocols)) {
            ServerWebSocket socket = upgrade(request, loop);
            var reads = reads(socket, stream);
            if (tunnelled) {
                ByteTunnel.run(reads, socket::writeBinaryMessage, stream, () -> socket.close());
            } else {
                new PortChannels(new ChannelSocket(socket, reads, protocol), stream, ports).run();
            }
        }
    }

    private static List<Integer> ports(MultiMap parameters) {
        List<Integer> ports = new ArrayList<>();
        for (String text : parameters.getAll("port")) {
            if (!text.matches("\\d{1,9}")) {
                throw new HttpProblem(400, "unable to parse \"" + text + "\" as a port");
            }
            int port = Integer.parseInt(text);
            if (port < 1 || port > 65535 || ports.size() == MOST_PORTS) {
                throw new HttpProblem(
                        400,
                        "port \"" + text + "\" must be > 0 and < 65536, and at most " + MOST_PORTS
                                + " ports can be forwarded at once");
            }
            ports.add(port);
        }
        return ports;
    }

    /** Makes the URL of a session; it can be used once. */
    private interface Session {
        URI url();
    }

    private void command(HttpServerRequest request, Context loop, Session session, StreamOptions streams)
            throws IOException {
        if (isWebSocket(request)) {
            String chosen = StreamProtocols.chosen(request.headers(), StreamProtocols.COMMANDS);
            String protocol = chosen.isEmpty() ? StreamProtocols.V1 : chosen;
            try (RuntimeStream stream = open(session, List.of(StreamProtocols.V4))) {
                ServerWebSocket socket = upgrade(request, loop);
                new RemoteCommand(new ChannelSocket(socket, reads(socket, stream), protocol), protocol, stream)
                        .run(streams);
            }
        } else {
            tunnel(request, session, StreamProtocols.named(request.headers(), "X-Stream-Protocol-Version"));
        }
    }

    private RuntimeStream open(Session session, List<String> protocols) {
        try {
            return RuntimeStream.open(session.url(), protocols, idle);
        } catch (RuntimeFailure e) {
            int code = e.kind() == RuntimeFailure.Kind.NOT_FOUND ? 404 : 500;
            throw new HttpProblem(code, String.valueOf(e.getMessage()));
        } catch (RuntimeStream.Refused e) {
            throw new HttpProblem(e.code() / 100 == 4 ? e.code() : 502, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new HttpProblem(502, String.valueOf(e.getMessage()));
        }
    }

    /** Done on the event loop, where it can be paused before a message comes that nobody would take. */
    private static ServerWebSocket upgrade(HttpServerRequest request, Context loop) throws IOException {
        Promise<ServerWebSocket> upgraded = Promise.promise();
        loop.runOnContext(
                v -> request.toWebSocket().onSuccess(ServerWebSocket::pause).onComplete(upgraded));
        return upgraded(upgraded.future());
    }

    private static <T> T upgraded(Future<T> connection) throws IOException {
        try {
            return connection.await();
        } catch (Exception e) { // await() throws what the future failed with, be it checked.
            throw new IOException("the caller is gone: " + e.getMessage(), e);
        }
    }

    private static BlockingReads reads(ServerWebSocket socket, RuntimeStream stream) {
        var reads = new BlockingReads(socket);
        socket.binaryMessageHandler(reads::arrived);
        socket.textMessageHandler(text -> reads.arrived(Buffer.buffer(text)));
        socket.closeHandler(v -> gone(reads, stream));
        socket.exceptionHandler(e -> reads.ended());
        if (socket.isClosed()) {
            reads.ended();
        }
        socket.resume();
        return reads;
    }

    private void tunnel(HttpServerRequest request, Session session, List<String> protocols) throws IOException {
        try (RuntimeStream stream = open(session, protocols)) {
            NetSocket caller = upgraded(UpgradedConnection.of(request).onSuccess(NetSocket::pause));
            var reads = new BlockingReads(caller);
            caller.handler(reads::arrived);
            caller.closeHandler(v -> gone(reads, stream));
            caller.exceptionHandler(e -> reads.ended());
            caller.resume();
            String answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
                    + (stream.protocol().isEmpty() ? "" : "X-Stream-Protocol-Version: " + stream.protocol() + "\r\n")
                    + "\r\n";
            ByteTunnel.await(caller.write(Buffer.buffer(answer)));
            ByteTunnel.run(reads, bytes -> caller.write(bytes), stream, () -> caller.close());
        }
    }

    /** What a caller said last is still carried, but a command that takes no input does not keep its session for ever. */
    private static void gone(BlockingReads reads, RuntimeStream stream) {
        reads.ended();
        Thread.ofVirtual().name("caller-gone").start(() -> {
            try {
                Thread.sleep(LAST_WORDS);
                stream.closeQuietly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static boolean isWebSocket(HttpServerRequest request) {
        if (!UpgradedConnection.isAskedFor(request)) {
            throw new HttpProblem(400, "Upgrade request required");
        }
        return "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
    }

    private static StreamOptions streams(MultiMap parameters) {
        boolean stdin = flag(parameters, "input") || flag(parameters, "stdin");
        boolean stdout = flag(parameters, "output") || flag(parameters, "stdout");
        boolean stderr = flag(parameters, "error") || flag(parameters, "stderr");
        boolean tty = flag(parameters, "tty");
        if (!stdin && !stdout && !stderr) {
            throw new HttpProblem(400, "you must specify at least 1 of stdin, stdout, stderr");
        }
        return new StreamOptions(stdin, stdout, stderr, tty).normalised();
    }

    private static boolean flag(MultiMap parameters, String name) {
        String value = parameters.get(name);
        return value != null && (value.equals("1") || value.equals("true"));
    }
}
