package io.vertikube.kubelet.runtime.simulated;

import io.vertikube.kubelet.spdy.SpdyConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Port-forward from the runtime's end: for each connection a stream of data and one of errors, which belong together by
 * their request id. Each has a virtual thread, and all end with the SPDY connection.
 */
final class ForwardSession implements StreamServer.Session, SpdyConnection.Listener {

    private record Pair(Optional<Integer> error, Optional<Integer> data, String port) {

        boolean complete() {
            return error.isPresent() && data.isPresent();
        }
    }

    private record Running(BytePipe in, Thread thread) {}

    private static final Logger LOG = LoggerFactory.getLogger(ForwardSession.class);
    private static final int MOST = 256;

    private final SimulatedPorts ports;
    private final Map<String, Pair> pairs = new HashMap<>();
    private final Map<Integer, Running> running = new ConcurrentHashMap<>();
    private @Nullable SpdyConnection connection;

    ForwardSession(SimulatedPorts ports) {
        this.ports = ports;
    }

    @Override
    public List<String> protocols() {
        return List.of("portforward.k8s.io");
    }

    @Override
    public void serve(SpdyConnection on, String protocol, Runnable writingEnds) throws IOException {
        connection = on;
        try {
            on.read(this);
        } finally {
            running.values().forEach(one -> {
                one.in().end();
                one.thread().interrupt();
            });
        }
    }

    @Override
    public void opened(int streamId, Map<String, String> headers) throws IOException {
        SpdyConnection on = Objects.requireNonNull(connection);
        if (pairs.size() >= MOST || running.size() >= MOST) {
            on.reset(streamId);
            return;
        }
        on.accept(streamId);
        String port = headers.getOrDefault("port", "");
        String id = headers.getOrDefault("requestid", port);
        Pair known = pairs.getOrDefault(id, new Pair(Optional.empty(), Optional.empty(), port));
        Pair pair = "error".equals(headers.get("streamtype"))
                ? new Pair(Optional.of(streamId), known.data(), port)
                : new Pair(known.error(), Optional.of(streamId), port);
        if (pair.complete()) {
            pairs.remove(id);
            start(on, pair.error().orElseThrow(), pair.data().orElseThrow(), port);
        } else {
            pairs.put(id, pair);
        }
    }

    private void start(SpdyConnection on, int error, int data, String port) {
        var in = new BytePipe();
        Thread thread = Thread.ofVirtual().name("simulated-port-" + port).unstarted(() -> {
            String failure = "";
            try {
                ports.serve(Integer.parseInt(port), in.in(), output(on, data));
            } catch (IOException | NumberFormatException e) {
                failure = String.valueOf(e.getMessage());
            }
            in.abandon();
            running.remove(data);
            if (Thread.interrupted()) {
                return;
            }
            try {
                on.send(error, failure.getBytes(StandardCharsets.UTF_8), true);
                on.send(data, new byte[0], true);
            } catch (IOException e) {
                LOG.debug("a forwarded connection ends: {}", e.getMessage());
            }
        });
        running.put(data, new Running(in, thread));
        thread.start();
    }

    @Override
    public void data(int streamId, byte[] bytes, boolean last) throws IOException {
        Running one = running.get(streamId);
        if (one == null) {
            return;
        }
        try {
            one.in().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the session is over", e);
        }
        if (last) {
            one.in().end();
        }
    }

    @Override
    public void reset(int streamId) {
        Running one = running.get(streamId);
        if (one != null) {
            one.in().abandon();
        }
    }

    private static OutputStream output(SpdyConnection on, int stream) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                if (length > 0) {
                    on.send(stream, java.util.Arrays.copyOfRange(bytes, from, from + length), false);
                }
            }
        };
    }
}
