package io.vertikube.kubelet.server;

import io.vertikube.kubelet.spdy.SpdyConnection;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Port-forward as older WebSocket clients know it: for each port that the request names, an even channel of data and an
 * odd one of errors, and one connection. The first message of a channel is its port, two bytes, the lower one first. Two
 * virtual threads.
 */
final class PortChannels implements SpdyConnection.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(PortChannels.class);

    private final ChannelSocket caller;
    private final RuntimeStream connection;
    private final SpdyConnection runtime;
    private final List<Integer> ports;
    private final Map<Integer, Integer> channels = new HashMap<>();
    private final Map<Integer, Integer> data = new HashMap<>();
    private final Set<Integer> open = new HashSet<>();

    PortChannels(ChannelSocket caller, RuntimeStream connection, List<Integer> ports) throws IOException {
        this.caller = caller;
        this.connection = connection;
        this.runtime = SpdyConnection.client(connection.in(), connection.out());
        this.ports = List.copyOf(ports);
    }

    /** Carries the connections to their end. */
    void run() throws IOException {
        try {
            for (int i = 0; i < ports.size(); i++) {
                int port = ports.get(i);
                byte[] first = {(byte) port, (byte) (port >> 8)};
                caller.send(2 * i, first);
                caller.send(2 * i + 1, first);
                int error = open("error", port, i);
                int bytes = open("data", port, i);
                channels.put(error, 2 * i + 1);
                channels.put(bytes, 2 * i);
                data.put(2 * i, bytes);
                open.add(bytes);
            }
            Thread.ofVirtual().name("port-channels-in").start(this::carryInput);
            runtime.read(this);
        } finally {
            connection.close();
            caller.close();
        }
    }

    private int open(String type, int port, int request) throws IOException {
        return runtime.open(
                Map.of("streamtype", type, "port", Integer.toString(port), "requestid", Integer.toString(request)));
    }

    @Override
    public void data(int streamId, byte[] bytes, boolean last) throws IOException {
        Integer channel = channels.get(streamId);
        if (channel != null && bytes.length > 0) {
            caller.send(channel, bytes);
        }
        if (last) {
            over(streamId);
        }
    }

    @Override
    public void reset(int streamId) throws IOException {
        over(streamId);
    }

    /** When no port has anything to say any more, the session is over: there is no closing of one channel. */
    private void over(int streamId) throws IOException {
        if (open.remove(streamId) && open.isEmpty()) {
            connection.close();
        }
    }

    private void carryInput() {
        try {
            for (Optional<ChannelSocket.Message> next = caller.take(); next.isPresent(); next = caller.take()) {
                Integer stream = data.get(next.get().channel());
                if (stream != null && next.get().body().length > 0) {
                    runtime.send(stream, next.get().body(), false);
                }
            }
        } catch (IOException e) {
            LOG.debug("input of a port-forward ends: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connection.closeQuietly();
        }
    }
}
