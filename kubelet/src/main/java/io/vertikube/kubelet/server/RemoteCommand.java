package io.vertikube.kubelet.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.kubelet.runtime.StreamOptions;
import io.vertikube.object.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exec or attach session: WebSocket channels on the caller's side, SPDY streams on the runtime's. The first byte of a
 * message is its channel: 0 stdin, 1 stdout, 2 stderr, 3 outcome, 4 terminal size, and with v5 255 to close one. Two
 * virtual threads, one a direction.
 */
final class RemoteCommand implements SpdyConnection.Listener {

    /** Sub-protocols offered, newest first. */
    static final String V5 = "v5.channel.k8s.io";

    static final String V4 = "v4.channel.k8s.io";
    static final String V1 = "channel.k8s.io";

    private static final Logger LOG = LoggerFactory.getLogger(RemoteCommand.class);
    private static final byte STDIN = 0;
    private static final byte STDOUT = 1;
    private static final byte STDERR = 2;
    private static final byte OUTCOME = 3;
    private static final byte RESIZE = 4;
    private static final int CLOSE = 255;

    private final ServerWebSocket caller;
    private final String protocol;
    private final SpdyConnection runtime;
    private final RuntimeStream connection;
    private final Map<Integer, Byte> channels = new HashMap<>();
    private final ByteArrayOutputStream outcome = new ByteArrayOutputStream();
    private Optional<Integer> stdin = Optional.empty();
    private Optional<Integer> resize = Optional.empty();
    private boolean outcomeSent;

    RemoteCommand(ServerWebSocket caller, String protocol, RuntimeStream connection) {
        this.caller = caller;
        this.protocol = protocol;
        this.connection = connection;
        this.runtime = new SpdyConnection(connection);
    }

    /** Carries the session to its end; returns when both sides are closed. */
    void run(StreamOptions streams, BlockingReads fromCaller) throws IOException {
        channels.put(open("error"), OUTCOME);
        if (streams.stdin()) {
            stdin = Optional.of(open("stdin"));
        }
        if (streams.stdout()) {
            channels.put(open("stdout"), STDOUT);
        }
        if (streams.stderr() && !streams.tty()) {
            channels.put(open("stderr"), STDERR);
        }
        if (streams.tty()) {
            resize = Optional.of(open("resize"));
        }
        // An empty message tells the caller that the session is there.
        send(streams.stdout() ? STDOUT : STDERR, new byte[0]);
        Thread.ofVirtual().name("exec-input").start(() -> carryInput(fromCaller));
        try {
            runtime.read(this);
            sendOutcome();
        } finally {
            connection.close();
            caller.close();
        }
    }

    @Override
    public void data(int streamId, byte[] bytes, boolean last) throws IOException {
        Byte channel = channels.get(streamId);
        if (channel == null) {
            return;
        }
        if (channel == OUTCOME) {
            outcome.writeBytes(bytes);
            return;
        }
        if (bytes.length > 0) {
            send(channel, bytes);
        }
    }

    @Override
    public void reset(int streamId) {
        LOG.debug("the runtime reset stream {}", streamId);
    }

    private int open(String type) throws IOException {
        return runtime.open(Map.of("streamtype", type));
    }

    private void carryInput(BlockingReads fromCaller) {
        try {
            for (Optional<Buffer> next = fromCaller.take(); next.isPresent(); next = fromCaller.take()) {
                byte[] message = next.get().getBytes();
                if (message.length > 0) {
                    input(message);
                }
            }
            connection.close();
        } catch (IOException e) {
            LOG.debug("input of a session ends: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void input(byte[] message) throws IOException {
        int channel = message[0] & 0xff;
        byte[] body = java.util.Arrays.copyOfRange(message, 1, message.length);
        if (channel == STDIN && stdin.isPresent() && body.length > 0) {
            runtime.send(stdin.get(), body, false);
        } else if (channel == RESIZE && resize.isPresent()) {
            runtime.send(resize.get(), body, false);
        } else if (channel == CLOSE
                && protocol.equals(V5)
                && body.length == 1
                && body[0] == STDIN
                && stdin.isPresent()) {
            runtime.send(stdin.get(), new byte[0], true);
        }
    }

    /** The newer protocols carry the Status itself, the first one only the sentence of a failure. */
    private void sendOutcome() throws IOException {
        if (outcomeSent) {
            return;
        }
        outcomeSent = true;
        byte[] status = outcome.toByteArray();
        if (!protocol.equals(V1)) {
            send(
                    OUTCOME,
                    status.length == 0
                            ? "{\"metadata\":{},\"status\":\"Success\"}".getBytes(StandardCharsets.UTF_8)
                            : status);
        } else if (status.length > 0) {
            String sentence = failure(status);
            if (!sentence.isEmpty()) {
                send(OUTCOME, sentence.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static String failure(byte[] status) {
        try {
            JsonNode tree = Json.tree(status);
            return "Success".equals(tree.path("status").asText())
                    ? ""
                    : tree.path("message").asText("");
        } catch (UncheckedIOException e) {
            return new String(status, StandardCharsets.UTF_8);
        }
    }

    private void send(byte channel, byte[] bytes) throws IOException {
        var message = Buffer.buffer(bytes.length + 1).appendByte(channel).appendBytes(bytes);
        try {
            caller.writeBinaryMessage(message).await();
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("the caller is gone: " + e.getMessage(), e);
        }
    }
}
