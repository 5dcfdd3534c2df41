package io.vertikube.kubelet.server;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the runtime's streaming server that was upgraded to SPDY. Only a 101 opens it; anything else is an
 * error, and nothing of it is carried to the caller but its text. Blocking; one reader and one writer.
 */
final class RuntimeStream implements AutoCloseable {

    /** The runtime answered something else than a changed protocol. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;
        private final int code;

        Refused(int code, String message) {
            super(message);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    private static final int CONNECT_MILLIS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeStream.class);
    private static final int HEAD_MILLIS = 30_000;
    private static final int HEAD_BYTES = 64 * 1024;
    private static final int ERROR_BYTES = 4096;

    private final Socket socket;
    private final Duration idle;
    private final String protocol;
    private volatile long written = System.nanoTime();

    private RuntimeStream(Socket socket, Duration idle, String protocol) {
        this.socket = socket;
        this.idle = idle;
        this.protocol = protocol;
    }

    /**
     * Asks for an upgrade with one of these stream protocols.
     *
     * @param idle after what time reading fails if nothing was carried either way; zero for never
     */
    static RuntimeStream open(URI url, List<String> protocols, Duration idle) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(url.getHost(), url.getPort() < 0 ? 80 : url.getPort()), CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            var head = new StringBuilder("POST ")
                    .append(url.getRawPath())
                    .append(url.getRawQuery() == null ? "" : "?" + url.getRawQuery())
                    .append(" HTTP/1.1\r\nHost: ")
                    .append(url.getAuthority())
                    .append("\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0\r\n");
            protocols.forEach(name ->
                    head.append("X-Stream-Protocol-Version: ").append(name).append("\r\n"));
            socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            socket.setSoTimeout(HEAD_MILLIS);
            Map<String, String> answer = readHead(socket.getInputStream());
            socket.setSoTimeout(0);
            return new RuntimeStream(socket, idle, answer.getOrDefault("x-stream-protocol-version", ""));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** The stream protocol that the runtime chose; empty if it named none. */
    String protocol() {
        return protocol;
    }

    InputStream in() throws IOException {
        return idle.isZero() ? socket.getInputStream() : new Watched(socket.getInputStream());
    }

    OutputStream out() throws IOException {
        return idle.isZero() ? socket.getOutputStream() : new Noting(socket.getOutputStream());
    }

    private final class Noting extends FilterOutputStream {

        Noting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
            written = System.nanoTime();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            written = System.nanoTime();
        }
    }

    /** Waits no longer than the session may be idle, counted from what went either way last. */
    private final class Watched extends FilterInputStream {

        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            long began = System.nanoTime();
            while (true) {
                long quiet = System.nanoTime() - Math.max(began, written);
                long left = idle.toMillis() - TimeUnit.NANOSECONDS.toMillis(quiet);
                if (left <= 0) {
                    throw new IOException("nothing was carried for " + idle.toSeconds() + " seconds");
                }
                try {
                    socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
                    return in.read(bytes, offset, length);
                } catch (SocketTimeoutException e) {
                    LOG.trace("a session carried nothing to its caller for {} ms", left);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** For those who could do nothing about a failure. */
    void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            LOG.debug("a connection to the runtime ends: {}", e.getMessage());
        }
    }

    private static int code(String line) {
        String[] parts = line.split(" ", 3);
        return parts.length > 1 && parts[1].matches("[1-5]\\d\\d") ? Integer.parseInt(parts[1]) : 502;
    }

    private static Map<String, String> readHead(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0 || bytes.size() > HEAD_BYTES) {
                throw new IOException("the runtime's streaming server gave no HTTP answer");
            }
            bytes.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        String[] lines = bytes.toString(StandardCharsets.ISO_8859_1).split("\r\n");
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                fields.put(
                        lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
        }
        if (!lines[0].startsWith("HTTP/1.1 101")) {
            String text = new String(in.readNBytes(Math.min(ERROR_BYTES, in.available())), StandardCharsets.UTF_8);
            throw new Refused(
                    code(lines[0]), "the runtime's streaming server refused: " + lines[0] + " " + text.strip());
        }
        return fields;
    }
}
