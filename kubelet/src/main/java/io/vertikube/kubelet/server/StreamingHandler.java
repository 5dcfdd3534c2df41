package io.vertikube.kubelet.server;

import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.StreamOptions;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.Http1xServerConnection;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Exec, attach and port-forward. A SPDY upgrade is carried byte by byte; over WebSocket, commands are translated and
 * port-forward is SPDY inside binary messages. Runs on the request's virtual thread.
 */
final class StreamingHandler {

    /** Sub-protocols that the server accepts. */
    static final String PORT_FORWARD_TUNNEL = "SPDY/3.1+portforward.k8s.io";

    static final List<String> SUB_PROTOCOLS =
            List.of(RemoteCommand.V5, RemoteCommand.V4, RemoteCommand.V1, PORT_FORWARD_TUNNEL);

    private static final String PORT_FORWARD = "portforward.k8s.io";

    private final ContainerRuntime runtime;

    StreamingHandler(ContainerRuntime runtime) {
        this.runtime = runtime;
    }

    void exec(HttpServerRequest request, String containerId) throws IOException {
        List<String> command = request.params().getAll("command");
        if (command.isEmpty()) {
            throw new HttpProblem(400, "you must specify at least 1 command for exec");
        }
        StreamOptions streams = streams(request.params());
        command(request, () -> runtime.execUrl(containerId, command, streams), streams);
    }

    void attach(HttpServerRequest request, String containerId) throws IOException {
        StreamOptions streams = streams(request.params());
        command(request, () -> runtime.attachUrl(containerId, streams), streams);
    }

    void portForward(HttpServerRequest request, String sandboxId) throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (String text : request.params().getAll("port")) {
            try {
                ports.add(Integer.parseInt(text));
            } catch (NumberFormatException e) {
                throw new HttpProblem(400, "port: \"" + text + "\" is no port");
            }
        }
        RuntimeStream stream = open(() -> runtime.portForwardUrl(sandboxId, ports), List.of(PORT_FORWARD));
        if (isWebSocket(request)) {
            ServerWebSocket socket = upgrade(request, stream);
            var reads = reads(socket);
            if (!PORT_FORWARD_TUNNEL.equals(socket.subProtocol())) {
                stream.close();
                socket.close((short) 1002, "use sub-protocol " + PORT_FORWARD_TUNNEL);
                return;
            }
            ByteTunnel.run(reads, socket::writeBinaryMessage, stream, () -> socket.close());
        } else {
            tunnel(request, stream);
        }
    }

    /** Makes the URL of a session; it can be used once. */
    private interface Session {
        URI url();
    }

    private void command(HttpServerRequest request, Session session, StreamOptions streams) throws IOException {
        if (isWebSocket(request)) {
            RuntimeStream stream = open(session, List.of(RemoteCommand.V4));
            ServerWebSocket socket = upgrade(request, stream);
            var reads = reads(socket);
            String protocol = socket.subProtocol() == null ? RemoteCommand.V1 : socket.subProtocol();
            new RemoteCommand(socket, protocol, stream).run(streams, reads);
        } else {
            tunnel(request, open(session, protocols(request)));
        }
    }

    private static RuntimeStream open(Session session, List<String> protocols) {
        try {
            return RuntimeStream.open(session.url(), protocols);
        } catch (RuntimeFailure e) {
            int code = e.kind() == RuntimeFailure.Kind.NOT_FOUND ? 404 : 500;
            throw new HttpProblem(code, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new HttpProblem(502, String.valueOf(e.getMessage()));
        }
    }

    private static ServerWebSocket upgrade(HttpServerRequest request, RuntimeStream stream) throws IOException {
        try {
            return request.toWebSocket().await();
        } catch (RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    private static BlockingReads reads(ServerWebSocket socket) {
        var reads = new BlockingReads(socket);
        socket.binaryMessageHandler(reads::arrived);
        socket.textMessageHandler(text -> reads.arrived(Buffer.buffer(text)));
        socket.closeHandler(v -> reads.ended());
        socket.exceptionHandler(e -> reads.ended());
        if (socket.isClosed()) {
            reads.ended();
        }
        return reads;
    }

    private static void tunnel(HttpServerRequest request, RuntimeStream stream) throws IOException {
        if (!(request.connection() instanceof Http1xServerConnection connection)) {
            stream.close();
            throw new HttpProblem(400, "Upgrade request required");
        }
        NetSocket caller;
        try {
            caller = connection.netSocket().await();
        } catch (RuntimeException e) {
            stream.close();
            throw e;
        }
        var reads = new BlockingReads(caller);
        caller.handler(reads::arrived);
        caller.closeHandler(v -> reads.ended());
        caller.exceptionHandler(e -> reads.ended());
        caller.resume();
        String answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
                + (stream.protocol().isEmpty() ? "" : "X-Stream-Protocol-Version: " + stream.protocol() + "\r\n")
                + "\r\n";
        caller.write(Buffer.buffer(answer)).await();
        ByteTunnel.run(reads, bytes -> caller.write(bytes), stream, () -> caller.close());
    }

    static boolean isUpgrade(HttpServerRequest request) {
        String connection = request.getHeader("Connection");
        return connection != null
                && connection.toLowerCase(java.util.Locale.ROOT).contains("upgrade")
                && request.getHeader("Upgrade") != null;
    }

    private static boolean isWebSocket(HttpServerRequest request) {
        if (!isUpgrade(request)) {
            throw new HttpProblem(400, "Upgrade request required");
        }
        return "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
    }

    private static List<String> protocols(HttpServerRequest request) {
        List<String> offered = new ArrayList<>();
        for (String header : request.headers().getAll("X-Stream-Protocol-Version")) {
            for (String name : header.split(",")) {
                if (name.strip().matches("[A-Za-z0-9./+-]{1,64}")) {
                    offered.add(name.strip());
                }
            }
        }
        return offered;
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
