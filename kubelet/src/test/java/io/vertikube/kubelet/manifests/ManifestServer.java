package io.vertikube.kubelet.manifests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves manifests on this machine, or refuses to. Safe for any thread. */
public final class ManifestServer implements AutoCloseable {

    private record Answer(int code, String body) {}

    private final HttpServer server;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Answer answer = new Answer(503, "not yet");
    private volatile Map<String, List<String>> headers = Map.of();

    public ManifestServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/pods", this::answer);
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "/pods");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
    }

    public URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** From now on. */
    public void answers(int code, String body) {
        answer = new Answer(code, body);
    }

    /** How often it was asked for pods. */
    int asked() {
        return asked.get();
    }

    /** Of the last request, by name as HTTP/1.1 servers of the JDK spell it. */
    Map<String, List<String>> headers() {
        return headers;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        headers = Map.copyOf(exchange.getRequestHeaders());
        Answer now = answer;
        byte[] body = now.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(now.code(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
        asked.incrementAndGet();
    }
}
