package io.vertikube.kubelet.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.kubelet.runtime.StreamOptions;
import io.vertikube.kubelet.spdy.SpdyConnection;
import io.vertikube.object.Json;
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
 * message is its channel: 0 stdin, 1 stdout, 2 stderr, 3 outcome, 4 terminal size, and with v5 255 to end the input. Two
 * virtual threads, one a direction.
 */
final class RemoteCommand implements SpdyConnection.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteCommand.class);
    private static final byte STDIN = 0;
    private static final byte STDOUT = 1;
    private static final byte STDERR = 2;
    private static final byte OUTCOME = 3;
    private static final byte RESIZE = 4;
    private static final int CLOSE = 255;

    /** A runtime says how a command ended, success too; silence means that nobody knows. */
    private static final byte[] BROKEN = """
            {"metadata":{},"status":"Failure","message":"Internal error occurred: the container runtime ended the session \
            without saying how the command ended","reason":"InternalError","code":500}
            """.strip().getBytes(StandardCharsets.UTF_8);

    private final ChannelSocket caller;
    private final String protocol;
    private final SpdyConnection runtime;
    private final RuntimeStream connection;
    private final Map<Integer, Byte> channels = new HashMap<>();
    private final ByteArrayOutputStream outcome = new ByteArrayOutputStream();
    private Optional<Integer> stdin = Optional.empty();
    private Optional<Integer> resize = Optional.empty();

    RemoteCommand(ChannelSocket caller, String protocol, RuntimeStream connection) throws IOException {
        this.caller = caller;
        this.protocol = protocol;
        this.connection = connection;
        this.runtime = SpdyConnection.client(connection.in(), connection.out());
    }

    /** Carries the session to its end; returns when both sides are closed. */
    void run(StreamOptions streams) throws IOException {
        try {
            begin(streams);
            Thread.ofVirtual().name("exec-input").start(this::carryInput);
            runtime.read(this);
            sendOutcome();
        } finally {
            connection.close();
            caller.close();
        }
    }

    private void begin(StreamOptions streams) throws IOException {
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
        if (!protocol.equals(StreamProtocols.V5)) {
            // Tells the caller that the session is there. Clients of v5 need no telling, and kubectl,
            // which reads before it has made its streams, complains that it does not know this one.
            caller.send(streams.stdout() ? STDOUT : STDERR, new byte[0]);
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
            caller.send(channel, bytes);
        }
    }

    @Override
    public void reset(int streamId) {
        LOG.debug("the runtime reset stream {}", streamId);
    }

    private int open(String type) throws IOException {
        return runtime.open(Map.of("streamtype", type));
    }

    private void carryInput() {
        try {
            for (Optional<ChannelSocket.Message> next = caller.take(); next.isPresent(); next = caller.take()) {
                input(next.get().channel(), next.get().body());
            }
        } catch (IOException e) {
            LOG.debug("input of a session ends: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // The caller is gone, or cannot be understood.
            connection.closeQuietly();
        }
    }

    private void input(int channel, byte[] body) throws IOException {
        if (channel == STDIN && stdin.isPresent() && body.length > 0) {
            runtime.send(stdin.get(), body, false);
        } else if (channel == RESIZE && resize.isPresent()) {
            runtime.send(resize.get(), body, false);
        } else if (channel == CLOSE
                && protocol.equals(StreamProtocols.V5)
                && body.length == 1
                && body[0] == STDIN
                && stdin.isPresent()) {
            runtime.send(stdin.get(), new byte[0], true);
        }
    }

    /** The newer protocols carry the Status itself, the first one only the sentence of a failure. */
    private void sendOutcome() throws IOException {
        byte[] status = outcome.size() == 0 ? BROKEN : outcome.toByteArray();
        boolean sentence = protocol.equals(StreamProtocols.V1) || protocol.equals(StreamProtocols.V1_BASE64);
        byte[] told = sentence ? failure(status).getBytes(StandardCharsets.UTF_8) : status;
        if (told.length > 0) {
            caller.send(OUTCOME, told);
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
}
