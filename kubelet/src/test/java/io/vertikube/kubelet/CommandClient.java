package io.vertikube.kubelet;

import io.vertikube.kubelet.spdy.SpdyConnection;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One exec or attach session over any of the protocols. What arrives is kept up to a size and counted beyond it. */
final class CommandClient implements AutoCloseable {

    /** The protocols that clients in use speak. */
    enum Protocol {
        WEBSOCKET_V5("v5.channel.k8s.io"),
        WEBSOCKET_V4("v4.channel.k8s.io"),
        WEBSOCKET_V4_BASE64("v4.base64.channel.k8s.io"),
        WEBSOCKET_V1("channel.k8s.io"),
        WEBSOCKET_V1_BASE64("base64.channel.k8s.io"),
        WEBSOCKET_UNNAMED(""),
        SPDY_AS_KUBECTL(
                "v5.channel.k8s.io", "v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"),
        SPDY_V4("v4.channel.k8s.io"),
        SPDY_V3("v3.channel.k8s.io"),
        SPDY_V2("v2.channel.k8s.io"),
        SPDY_V1("channel.k8s.io");

        private final List<String> names;

        Protocol(String... names) {
            this.names = List.of(names);
        }

        boolean spdy() {
            return name().startsWith("SPDY");
        }

        boolean base64() {
            return name().endsWith("BASE64");
        }

        /** Whether the outcome is a Status. */
        boolean status() {
            return this == SPDY_AS_KUBECTL
                    || names.getFirst().startsWith("v5")
                    || names.getFirst().startsWith("v4");
        }

        boolean resizes() {
            return this != SPDY_V2 && this != SPDY_V1;
        }

        boolean endsInput() {
            return spdy() || this == WEBSOCKET_V5;
        }
    }

    /** What comes back. */
    enum Channel {
        STDIN,
        STDOUT,
        STDERR,
        ERROR,
        RESIZE
    }

    private static final int KEPT = 256 * 1024;

    private final Protocol protocol;
    private final UpgradeClient.Upgraded connection;
    private final @Nullable SpdyConnection spdy;
    private final @Nullable WebSocketFrames frames;
    private final Map<Channel, Integer> streams = new EnumMap<>(Channel.class);
    private final Map<Integer, Channel> channels = new HashMap<>();
    private final Map<Channel, ByteArrayOutputStream> received = new EnumMap<>(Channel.class);
    private final Map<Channel, Long> counts = new EnumMap<>(Channel.class);
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    private CommandClient(Protocol protocol, UpgradeClient.Upgraded connection) {
        this.protocol = protocol;
        this.connection = connection;
        this.spdy = protocol.spdy() ? SpdyConnection.client(connection.in(), connection.out()) : null;
        this.frames = protocol.spdy() ? null : new WebSocketFrames(connection.in(), connection.out());
    }

    /** Opens a session; {@code path} ends in its query. Nothing is read before {@link #read}. */
    static CommandClient open(UpgradeClient client, Protocol protocol, String path) throws IOException {
        UpgradeClient.Upgraded upgraded =
                protocol.spdy() ? client.spdy(path, protocol.names) : client.webSocket(path, protocol.names.getFirst());
        if (upgraded.code() != 101) {
            throw new IOException(upgraded.code() + " " + upgraded.body());
        }
        var session = new CommandClient(protocol, upgraded);
        if (session.spdy != null) {
            session.open(Channel.ERROR, true);
            session.open(Channel.STDIN, path.contains("stdin=true"));
            session.open(Channel.STDOUT, path.contains("stdout=true"));
            session.open(Channel.STDERR, path.contains("stderr=true") && !path.contains("tty=true"));
            session.open(Channel.RESIZE, path.contains("tty=true") && protocol.resizes());
        }
        return session;
    }

    private void open(Channel channel, boolean wanted) throws IOException {
        if (wanted && spdy != null) {
            int id = spdy.open(Map.of("streamtype", channel.name().toLowerCase(java.util.Locale.ROOT)));
            streams.put(channel, id);
            channels.put(id, channel);
        }
    }

    CommandClient read() {
        Thread.ofVirtual().start(() -> {
            try {
                if (spdy != null) {
                    spdy.read((id, bytes, last) -> arrived(channels.get(id), bytes));
                } else if (frames != null) {
                    for (Optional<byte[]> next = frames.next(); next.isPresent(); next = frames.next()) {
                        message(next.get());
                    }
                }
                over.complete(null);
            } catch (EOFException e) {
                over.complete(null);
            } catch (IOException | RuntimeException e) {
                over.completeExceptionally(e);
            }
        });
        return this;
    }

    private void message(byte[] bytes) {
        byte[] body = Arrays.copyOfRange(bytes, 1, bytes.length);
        arrived(
                Channel.values()[protocol.base64() ? bytes[0] - '0' : bytes[0]],
                protocol.base64() ? Base64.getDecoder().decode(body) : body);
    }

    private synchronized void arrived(@Nullable Channel channel, byte[] bytes) {
        if (channel != null) {
            counts.merge(channel, (long) bytes.length, Long::sum);
            ByteArrayOutputStream kept = received.computeIfAbsent(channel, c -> new ByteArrayOutputStream());
            kept.write(bytes, 0, Math.min(bytes.length, KEPT - kept.size()));
            notifyAll();
        }
    }

    void type(String text) throws IOException {
        send(Channel.STDIN, text.getBytes(StandardCharsets.UTF_8));
    }

    void send(Channel channel, byte[] bytes) throws IOException {
        if (spdy != null) {
            spdy.send(streams.get(channel), bytes, false);
        } else if (frames != null) {
            byte[] body = protocol.base64() ? Base64.getEncoder().encode(bytes) : bytes;
            byte[] message = new byte[body.length + 1];
            message[0] = (byte) (channel.ordinal() + (protocol.base64() ? '0' : 0));
            System.arraycopy(body, 0, message, 1, body.length);
            frames.send(message, protocol.base64());
        }
    }

    void endInput() throws IOException {
        if (spdy != null) {
            spdy.send(streams.get(Channel.STDIN), new byte[0], true);
        } else if (frames != null) {
            frames.send(new byte[] {(byte) 255, 0}, false);
        }
    }

    /** Waits for the end of the session. */
    CommandClient await() throws Exception {
        over.get(30, TimeUnit.SECONDS);
        return this;
    }

    /** Waits until the other end is gone, with or without a goodbye. */
    boolean ended() throws InterruptedException {
        try {
            over.get(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            return true;
        } catch (java.util.concurrent.TimeoutException e) {
            return false;
        }
        return true;
    }

    /** Waits until a text has arrived. */
    synchronized void await(Channel channel, String wanted) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!text(channel).contains(wanted)) {
            if (System.nanoTime() > until) {
                throw new AssertionError("no " + wanted + " on " + channel + " but: " + text(channel));
            }
            wait(100);
        }
    }

    synchronized String text(Channel channel) {
        ByteArrayOutputStream bytes = received.get(channel);
        return bytes == null ? "" : bytes.toString(StandardCharsets.UTF_8);
    }

    /** Whether a message came on it, and be it an empty one. */
    synchronized boolean heard(Channel channel) {
        return counts.containsKey(channel);
    }

    synchronized long count(Channel channel) {
        return counts.getOrDefault(channel, 0L);
    }

    /** Dies. */
    @Override
    public void close() throws IOException {
        connection.close();
    }
}
