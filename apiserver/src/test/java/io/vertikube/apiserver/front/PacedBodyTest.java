package io.vertikube.apiserver.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PacedBodyTest {

    private static final int PIECE = 64 * 1024;
    private static final int PIECES = 1024;

    /** What the kernel takes for a client that does not read, on both ends, and more. */
    private static final long IN_SOCKETS = 16L << 20;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong produced = new AtomicLong();
    private HttpServer server;

    @BeforeEach
    void serve() {
        server = vertx.createHttpServer()
                .requestHandler(request -> {
                    HttpServerResponse response = request.response();
                    response.putHeader("Content-Length", Long.toString((long) PIECE * PIECES));
                    var body = new AtomicReference<PacedBody>();
                    body.set(new PacedBody(response::write, 2 * PIECE, () -> pump(response, body.get())));
                    pump(response, body.get());
                })
                .listen(0, "127.0.0.1")
                .await();
    }

    private void pump(HttpServerResponse response, PacedBody body) {
        while (produced.get() < (long) PIECE * PIECES && !body.isFull()) {
            produced.addAndGet(PIECE);
            body.write(Buffer.buffer(new byte[PIECE]));
        }
        if (produced.get() == (long) PIECE * PIECES && !response.ended()) {
            response.end();
        }
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void aClientThatDoesNotReadIsNotWrittenFor() throws IOException {
        try (Socket client = asked()) {
            await().until(() -> client.getInputStream().available() > 0);
            long before;
            do {
                before = produced.get();
                await().pollDelay(java.time.Duration.ofMillis(300)).until(() -> true);
            } while (produced.get() > before);
            assertThat(produced.get()).isLessThan(IN_SOCKETS);
            long read = client.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            assertThat(read).isGreaterThan((long) PIECE * PIECES);
        }
    }

    private Socket asked() throws IOException {
        var client = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
        client.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return client;
    }
}
