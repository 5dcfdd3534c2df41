package io.vertikube.kubelet.runtime.simulated;

import io.vertikube.kubelet.spdy.SpdyConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streaming server of the simulated runtime, on a loopback port that is opened when the first stream is asked for. A
 * session is reached once, by a URL that nobody can guess and that is good for a minute. A virtual thread a connection.
 */
final class StreamServer implements AutoCloseable {

    /** What happens on a connection after the upgrade; returns when it is over. */
    interface Session {

        /** Stream protocols that it speaks. */
        List<String> protocols();

        void serve(SpdyConnection connection, String protocol, Runnable writingEnds) throws IOException;
    }

    private record Offer(Session session, Instant until) {}

    private static final Logger LOG = LoggerFactory.getLogger(StreamServer.class);
    private static final Duration GOOD_FOR = Duration.ofMinutes(1);
    private static final int HEAD_MILLIS = 10_000;
    private static final int HEAD_BYTES = 64 * 1024;

    private final InstantSource clock;
    private final Map<String, Offer> offers = new ConcurrentHashMap<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private @Nullable ServerSocket listening;

    StreamServer(InstantSource clock) {
        this.clock = clock;
    }

    /** Makes a session that can be reached once. */
    URI offer(Session session) {
        Instant now = clock.instant();
        offers.values().removeIf(offer -> offer.until().isBefore(now));
        String token = UUID.randomUUID().toString();
        int port = port();
        offers.put(token, new Offer(session, now.plus(GOOD_FOR)));
        return URI.create("http://127.0.0.1:" + port + "/" + token);
    }

    /** Connections that are served now. */
    int open() {
        return connections.size();
    }

    private synchronized int port() {
        if (listening == null) {
            try {
                ServerSocket socket = new ServerSocket(0, 128, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                listening = socket;
                Thread.ofVirtual().name("simulated-streams").start(() -> accept(socket));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("cannot listen for streams of simulated containers", e);
            }
        }
        return listening.getLocalPort();
    }

    @Override
    public void close() {
        ServerSocket socket;
        synchronized (this) {
            socket = listening;
            listening = null;
        }
        try {
            if (socket != null) {
                socket.close();
            }
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            LOG.debug("streams of simulated containers: {}", e.getMessage());
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().name("simulated-stream").start(() -> handle(connection));
            } catch (IOException e) {
                LOG.debug("no more streams of simulated containers: {}", e.getMessage());
            }
        }
    }

    private void handle(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(HEAD_MILLIS);
            List<String> head = head(socket.getInputStream());
            Offer offer = head.isEmpty() ? null : offers.remove(token(head.getFirst()));
            if (offer == null || offer.until().isBefore(clock.instant())) {
                refuse(socket, "404 Not Found", "there is no such session, or it was used before");
                return;
            }
            List<String> asked = protocols(head);
            Optional<String> chosen = chosen(asked, offer.session().protocols());
            if (chosen.isEmpty()) {
                refuse(
                        socket,
                        "403 Forbidden",
                        "unable to upgrade: unable to negotiate protocol: client supports " + asked
                                + ", server accepts " + offer.session().protocols());
                return;
            }
            write(
                    socket,
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
                            + (asked.isEmpty() ? "" : "X-Stream-Protocol-Version: " + chosen.get() + "\r\n") + "\r\n");
            socket.setSoTimeout(0);
            var spdy = SpdyConnection.server(socket.getInputStream(), socket.getOutputStream());
            offer.session().serve(spdy, chosen.get(), () -> writingEnds(socket));
        } catch (IOException e) {
            LOG.debug("a stream of a simulated container ends: {}", e.getMessage());
        } finally {
            connections.remove(socket);
        }
    }

    /** The other end is given some time to take what was written; it closes when it has seen the end. */
    private static void writingEnds(Socket socket) {
        try {
            socket.shutdownOutput();
            socket.setSoTimeout(HEAD_MILLIS);
        } catch (IOException e) {
            LOG.debug("the other end is gone: {}", e.getMessage());
        }
    }

    private static List<String> head(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0 || bytes.size() > HEAD_BYTES) {
                return List.of();
            }
            bytes.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return List.of(bytes.toString(StandardCharsets.ISO_8859_1).split("\r\n"));
    }

    private static String token(String requestLine) {
        String[] parts = requestLine.split(" ");
        return parts.length < 2 ? "" : parts[1].substring(1);
    }

    private static List<String> protocols(List<String> head) {
        List<String> asked = new ArrayList<>();
        for (String line : head) {
            if (line.toLowerCase(Locale.ROOT).startsWith("x-stream-protocol-version:")) {
                for (String name : line.substring(line.indexOf(':') + 1).split(",")) {
                    asked.add(name.strip());
                }
            }
        }
        return asked;
    }

    /** The first of the client's that we speak; one that names none speaks the oldest. */
    private static Optional<String> chosen(List<String> asked, List<String> known) {
        return asked.isEmpty()
                ? Optional.of(known.getLast())
                : asked.stream().filter(known::contains).findFirst();
    }

    private static void refuse(Socket socket, String status, String why) throws IOException {
        byte[] body = why.getBytes(StandardCharsets.UTF_8);
        write(
                socket,
                "HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: "
                        + body.length + "\r\n\r\n" + why);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }
}
