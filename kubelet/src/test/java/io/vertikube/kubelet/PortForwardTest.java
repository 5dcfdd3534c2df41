package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.spdy.SpdyConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Port-forward through an API server and a kubelet to the ports of a simulated pod, over every protocol. */
class PortForwardTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String PATH = "/api/v1/namespaces/default/pods/p/portforward";

    @TempDir
    static Path folder;

    private static StreamingCluster here;

    @BeforeAll
    static void start() throws IOException {
        here = new StreamingCluster(folder);
        here.createRunning();
    }

    @AfterAll
    static void stop() {
        here.close();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        here.awaitNoStreams();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spdy", "tunnelled"})
    void connectionsAreIndependentAndEndOneByOne(String how) throws Exception {
        try (Forwards forwards = spdy(how)) {
            byte[] much = new byte[700_000];
            Arrays.fill(much, (byte) 'x');
            int echo = forwards.connect(7);
            int web = forwards.connect(8080);
            int second = forwards.connect(7);
            forwards.spdy.send(echo, much, false);
            forwards.spdy.send(
                    web, "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII), false);
            forwards.awaitEnd(web);
            assertThat(forwards.text(web))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("\r\n\r\nGET /a?b=c\npod: default/p\nport: 8080\n");
            forwards.spdy.send(echo, new byte[0], true);
            forwards.awaitEnd(echo);
            assertThat(forwards.text(echo)).hasSize(much.length);
            forwards.spdy.send(second, "still here".getBytes(StandardCharsets.US_ASCII), true);
            forwards.awaitEnd(second);
            assertThat(forwards.text(second)).isEqualTo("still here");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"spdy", "tunnelled"})
    void portOnWhichNobodyListensIsAnError(String how) throws Exception {
        try (Forwards forwards = spdy(how)) {
            int refused = forwards.connect(1);
            forwards.awaitEnd(refused);
            assertThat(forwards.text(refused)).isEmpty();
            assertThat(forwards.text(forwards.errors.get(refused)))
                    .contains("error forwarding port 1")
                    .contains("connection refused");
            int echo = forwards.connect(7);
            forwards.spdy.send(echo, "and on".getBytes(StandardCharsets.US_ASCII), true);
            forwards.awaitEnd(echo);
            assertThat(forwards.text(echo)).isEqualTo("and on");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v4.channel.k8s.io", "v4.base64.channel.k8s.io", ""})
    void olderWebSocketClientsHaveTwoChannelsAPort(String protocol) throws Exception {
        boolean base64 = protocol.contains("base64");
        try (var upgraded = here.admin.webSocket(PATH + "?ports=7&ports=8080&ports=1", protocol)) {
            assertThat(upgraded.code()).isEqualTo(101);
            var frames = new WebSocketFrames(upgraded.in(), upgraded.out());
            Map<Integer, ByteArrayOutputStream> received = new HashMap<>();
            send(frames, base64, 0, "echoed");
            send(frames, base64, 2, "POST /x HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody");
            while (!text(received, 0).contains("echoed")
                    || !text(received, 2).contains("body")
                    || !text(received, 5).contains("refused")) {
                byte[] message = frames.next().orElseThrow();
                int channel = base64 ? message[0] - '0' : message[0];
                byte[] body = Arrays.copyOfRange(message, 1, message.length);
                received.computeIfAbsent(channel, c -> new ByteArrayOutputStream())
                        .writeBytes(base64 ? Base64.getDecoder().decode(body) : body);
            }
            // Each channel begins with its port, the lower byte first.
            for (int channel = 0; channel < 6; channel++) {
                int port = List.of(7, 8080, 1).get(channel / 2);
                byte[] first = received.get(channel).toByteArray();
                assertThat((first[0] & 0xff) + 256 * (first[1] & 0xff)).isEqualTo(port);
            }
            assertThat(text(received, 0)).endsWith("echoed");
            assertThat(text(received, 2)).endsWith("POST /x\npod: default/p\nport: 8080\nbody");
        }
    }

    @Test
    void olderWebSocketClientsMustNameTheirPorts() throws Exception {
        try (var upgraded = here.admin.webSocket(PATH, "v4.channel.k8s.io")) {
            assertThat(upgraded.code()).isEqualTo(400);
            assertThat(upgraded.body()).contains("query parameter \\\"port\\\" is required");
        }
    }

    @Test
    void requestsAreSeenByThoseWhoFollowTheLog() throws Exception {
        try (Forwards forwards = spdy("spdy")) {
            int web = forwards.connect(80);
            forwards.spdy.send(web, "GET /logged HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), false);
            forwards.awaitEnd(web);
        }
        String log = new String(
                here.cluster.client.raw("GET", "/api/v1/namespaces/default/pods/p/log", null, null),
                StandardCharsets.UTF_8);
        assertThat(log).startsWith("simulated: runs until it is stopped\n").contains("GET /logged on port 80\n");
    }

    private static String text(Map<Integer, ByteArrayOutputStream> received, int channel) {
        ByteArrayOutputStream bytes = received.get(channel);
        return bytes == null ? "" : bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static void send(WebSocketFrames frames, boolean base64, int channel, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        var message = new ByteArrayOutputStream();
        message.write(base64 ? '0' + channel : channel);
        message.writeBytes(base64 ? Base64.getEncoder().encode(bytes) : bytes);
        frames.send(message.toByteArray(), base64);
    }

    private static Forwards spdy(String how) throws IOException {
        UpgradeClient.Upgraded upgraded = how.equals("spdy")
                ? here.admin.spdy(PATH, List.of("portforward.k8s.io"))
                : here.admin.webSocket(PATH, "SPDY/3.1+portforward.k8s.io");
        assertThat(upgraded.code()).isEqualTo(101);
        if (how.equals("spdy")) {
            return new Forwards(upgraded, upgraded.in(), upgraded.out());
        }
        assertThat(upgraded.headers()).containsEntry("sec-websocket-protocol", "SPDY/3.1+portforward.k8s.io");
        var frames = new WebSocketFrames(upgraded.in(), upgraded.out());
        return new Forwards(upgraded, new MessagesIn(frames), new MessagesOut(frames));
    }

    /** Several forwarded connections on one SPDY connection. */
    private static final class Forwards implements AutoCloseable {
        private final UpgradeClient.Upgraded upgraded;
        private final SpdyConnection spdy;
        private final Map<Integer, Integer> errors = new HashMap<>();
        private final Map<Integer, ByteArrayOutputStream> received = new HashMap<>();
        private final java.util.Set<Integer> ended = new java.util.HashSet<>();
        private int requests;

        Forwards(UpgradeClient.Upgraded upgraded, InputStream in, OutputStream out) {
            this.upgraded = upgraded;
            this.spdy = SpdyConnection.client(in, out);
            Thread.ofVirtual().start(() -> {
                try {
                    spdy.read(this::arrived);
                } catch (IOException e) {
                    upgraded.headers().size();
                }
            });
        }

        private synchronized void arrived(int stream, byte[] bytes, boolean last) {
            received.computeIfAbsent(stream, s -> new ByteArrayOutputStream()).writeBytes(bytes);
            if (last) {
                ended.add(stream);
            }
            notifyAll();
        }

        int connect(int port) throws IOException {
            String id = Integer.toString(requests++);
            String text = Integer.toString(port);
            int error = spdy.open(Map.of("streamtype", "error", "port", text, "requestid", id));
            int data = spdy.open(Map.of("streamtype", "data", "port", text, "requestid", id));
            errors.put(data, error);
            return data;
        }

        synchronized void awaitEnd(int stream) throws InterruptedException {
            long until = System.nanoTime() + SOON.toNanos();
            while (!ended.contains(stream)) {
                assertThat(System.nanoTime()).isLessThan(until);
                wait(100);
            }
        }

        synchronized String text(int stream) {
            ByteArrayOutputStream bytes = received.get(stream);
            return bytes == null ? "" : bytes.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            upgraded.close();
        }
    }

    /** A byte stream out of messages. */
    private static final class MessagesIn extends InputStream {
        private final WebSocketFrames frames;
        private byte[] message = new byte[0];
        private int at;

        MessagesIn(WebSocketFrames frames) {
            this.frames = frames;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            while (at == message.length) {
                Optional<byte[]> next = frames.next();
                if (next.isEmpty()) {
                    return -1;
                }
                message = next.get();
                at = 0;
            }
            int count = Math.min(most, message.length - at);
            System.arraycopy(message, at, into, from, count);
            at += count;
            return count;
        }
    }

    /** Messages out of a byte stream. */
    private static final class MessagesOut extends OutputStream {
        private final WebSocketFrames frames;

        MessagesOut(WebSocketFrames frames) {
            this.frames = frames;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            frames.send(Arrays.copyOfRange(bytes, from, from + length), false);
        }
    }
}
