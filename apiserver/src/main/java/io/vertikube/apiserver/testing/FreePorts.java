package io.vertikube.apiserver.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of the loopback address for servers that must know theirs before they listen. Each is given once by an instance
 * and lies below the range from which the system takes ports for outgoing connections, so that a server that dies and
 * comes again finds its port as it left it. Thread-safe.
 */
public final class FreePorts {

    /** Above the ports services of a cluster are known by, below node ports (30000) and outgoing ones (32768). */
    private static final int FIRST = 12_000;

    private static final int COUNT = 18_000;

    /** Processes that run beside each other begin at different places. */
    private static final int STRIDE = 97;

    private final AtomicInteger next =
            new AtomicInteger((int) (ProcessHandle.current().pid() * STRIDE % COUNT));

    /**
     * A port on which nothing listens now.
     *
     * @throws UncheckedIOException if all of them are taken
     */
    public int next() {
        for (int tries = 0; tries < COUNT; tries++) {
            int port = FIRST + Math.floorMod(next.getAndIncrement(), COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new UncheckedIOException(
                new IOException("all ports from " + FIRST + " to " + (FIRST + COUNT - 1) + " are taken"));
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
