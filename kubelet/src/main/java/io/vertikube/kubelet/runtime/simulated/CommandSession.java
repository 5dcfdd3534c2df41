package io.vertikube.kubelet.runtime.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.kubelet.runtime.StreamOptions;
import io.vertikube.kubelet.spdy.SpdyConnection;
import io.vertikube.object.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exec and attach from the runtime's end: streams {@code error}, {@code stdin}, {@code stdout}, {@code stderr} and {@code
 * resize} of one SPDY connection. The connection's thread reads; what is run has a virtual thread of its own, which ends
 * with the connection.
 */
final class CommandSession implements StreamServer.Session, SpdyConnection.Listener {

    /** What runs between the streams; answers an exit code. */
    interface Body {
        int run(InputStream in, OutputStream out, OutputStream err, Supplier<String> terminal)
                throws IOException, InterruptedException;
    }

    /** What the caller is told when it could not be run at all. */
    static final class NotStarted extends IOException {
        private static final long serialVersionUID = 1L;

        NotStarted(String message) {
            super(message);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(CommandSession.class);
    private static final String V4 = "v4.channel.k8s.io";
    private static final String V3 = "v3.channel.k8s.io";
    private static final int INTERRUPTED = 130;
    private static final int END_OF_TEXT = 3;
    private static final int END_OF_INPUT = 4;

    private final StreamOptions options;
    private final Body body;
    private final Map<String, Integer> streams = new HashMap<>();
    private final BytePipe stdin = new BytePipe();
    private volatile String terminal;
    private volatile boolean interrupted;
    private @Nullable SpdyConnection connection;
    private @Nullable Thread process;
    private Runnable writingEnds = () -> {};
    private String protocol = V4;

    CommandSession(StreamOptions options, Body body) {
        this.options = options;
        this.body = body;
        this.terminal = options.tty() ? "24 80" : "";
    }

    @Override
    public List<String> protocols() {
        return List.of(V4, V3, "v2.channel.k8s.io", "channel.k8s.io");
    }

    @Override
    public void serve(SpdyConnection on, String spoken, Runnable ends) throws IOException {
        connection = on;
        protocol = spoken;
        writingEnds = ends;
        try {
            on.read(this);
        } finally {
            stdin.end();
            if (process != null) {
                process.interrupt();
            }
        }
    }

    private int expected() {
        boolean resize = options.tty() && (protocol.equals(V4) || protocol.equals(V3));
        return 1
                + (options.stdin() ? 1 : 0)
                + (options.stdout() ? 1 : 0)
                + (options.stderr() ? 1 : 0)
                + (resize ? 1 : 0);
    }

    @Override
    public void opened(int streamId, Map<String, String> headers) throws IOException {
        SpdyConnection on = java.util.Objects.requireNonNull(connection);
        String type = headers.getOrDefault("streamtype", "");
        if (process != null || streams.containsKey(type)) {
            on.reset(streamId);
            return;
        }
        on.accept(streamId);
        streams.put(type, streamId);
        if (streams.size() == expected()) {
            process = Thread.ofVirtual().name("simulated-command").start(() -> run(on));
        }
    }

    @Override
    public void data(int streamId, byte[] bytes, boolean last) throws IOException {
        try {
            if (Integer.valueOf(streamId).equals(streams.get("stdin"))) {
                stdin.write(options.tty() ? typed(bytes) : bytes);
                if (last) {
                    stdin.end();
                }
            } else if (Integer.valueOf(streamId).equals(streams.get("resize")) && bytes.length > 0) {
                JsonNode size = Json.tree(bytes);
                terminal =
                        size.path("Height").asInt() + " " + size.path("Width").asInt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the session is over", e);
        } catch (UncheckedIOException e) {
            LOG.debug("a size that cannot be read: {}", e.getMessage());
        }
    }

    @Override
    public void reset(int streamId) {
        if (Integer.valueOf(streamId).equals(streams.get("stdin"))) {
            stdin.end();
        }
    }

    /** A terminal ends lines its own way, and has keys for the end of input and for interrupting. */
    private byte[] typed(byte[] keys) throws InterruptedException {
        byte[] text = new byte[keys.length];
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] == END_OF_INPUT) {
                stdin.write(java.util.Arrays.copyOf(text, i));
                stdin.end();
                return new byte[0];
            }
            if (keys[i] == END_OF_TEXT && process != null) {
                interrupted = true;
                process.interrupt();
                return new byte[0];
            }
            text[i] = keys[i] == '\r' ? (byte) '\n' : keys[i];
        }
        return text;
    }

    private void run(SpdyConnection on) {
        byte[] outcome;
        try {
            int code = body.run(
                    stdin.in(), output(on, "stdout"), output(on, options.tty() ? "stdout" : "stderr"), () -> terminal);
            outcome = outcome(interrupted ? INTERRUPTED : code);
        } catch (NotStarted e) {
            outcome = notStarted(String.valueOf(e.getMessage()));
        } catch (IOException | InterruptedException e) {
            outcome = outcome(interrupted ? INTERRUPTED : SimulatedContainer.KILLED);
        }
        stdin.abandon();
        // What ended the process must not end the sentence about it.
        Thread.interrupted();
        try {
            finish(on, outcome);
        } catch (IOException e) {
            LOG.debug("nobody hears how a command ended: {}", e.getMessage());
        }
        writingEnds.run();
    }

    private void finish(SpdyConnection on, byte[] outcome) throws IOException {
        for (String type : List.of("stdout", "stderr")) {
            Integer stream = streams.get(type);
            if (stream != null) {
                on.send(stream, new byte[0], true);
            }
        }
        Integer error = streams.get("error");
        if (error != null) {
            on.send(error, outcome, true);
        }
        on.goAway();
    }

    private OutputStream output(SpdyConnection on, String type) {
        Integer stream = streams.get(type);
        if (stream == null) {
            return OutputStream.nullOutputStream();
        }
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                byte[] piece = java.util.Arrays.copyOfRange(bytes, from, from + length);
                if (piece.length > 0) {
                    on.send(stream, options.tty() ? shown(piece) : piece, false);
                }
            }
        };
    }

    private static byte[] shown(byte[] text) {
        return new String(text, StandardCharsets.ISO_8859_1)
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The oldest protocols say nothing of success and only a sentence of a failure. */
    private byte[] outcome(int code) {
        if (code == 0) {
            return protocol.equals(V4)
                    ? "{\"metadata\":{},\"status\":\"Success\"}".getBytes(StandardCharsets.UTF_8)
                    : new byte[0];
        }
        String message = "command terminated with non-zero exit code: exit status " + code;
        ObjectNode status = failure(message, "NonZeroExitCode");
        status.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", Integer.toString(code));
        return told(status, message);
    }

    private byte[] notStarted(String why) {
        String message = "Internal error occurred: " + why;
        ObjectNode status = failure(message, "InternalError").put("code", 500);
        status.putObject("details").putArray("causes").addObject().put("message", why);
        return told(status, message);
    }

    private static ObjectNode failure(String message, String reason) {
        ObjectNode status = Json.object();
        status.putObject("metadata");
        return status.put("status", "Failure").put("message", message).put("reason", reason);
    }

    private byte[] told(ObjectNode status, String message) {
        return protocol.equals(V4) ? Json.bytes(status) : message.getBytes(StandardCharsets.UTF_8);
    }
}
