package io.vertikube.kubelet.runtime.simulated;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What listens in a simulated pod while one of its containers runs. Port 7 echoes (RFC 862), 9 discards (RFC 863), 19
 * sends characters without end (RFC 864), 1 refuses. On every other port a small HTTP/1.1 server answers 200 with
 * method, path, pod and port, then the request's body, and its container logs the request. Safe for any thread.
 */
final class SimulatedPorts {

    private static final int REFUSED = 1;
    private static final int ECHO = 7;
    private static final int DISCARD = 9;
    private static final int CHARACTERS = 19;
    private static final int BLOCK = 32 * 1024;
    private static final int HEAD_BYTES = 64 * 1024;
    private static final int BODY_BYTES = 1024 * 1024;

    private final String pod;
    private final Supplier<Stream<SimulatedContainer>> running;

    /**
     * @param pod namespace and name
     * @param running containers that run now
     */
    SimulatedPorts(String pod, Supplier<Stream<SimulatedContainer>> running) {
        this.pod = pod;
        this.running = running;
    }

    /** Serves one connection to its end; a refusal is an IOException with the sentence for the caller. */
    void serve(int port, InputStream in, OutputStream out) throws IOException {
        if (port == REFUSED || running.get().findAny().isEmpty()) {
            throw new IOException("error forwarding port " + port + " to pod " + pod + ": connection refused");
        }
        switch (port) {
            case ECHO -> in.transferTo(out);
            case DISCARD -> in.transferTo(OutputStream.nullOutputStream());
            case CHARACTERS -> {
                byte[] line = new byte[BLOCK];
                Arrays.fill(line, (byte) '#');
                while (!Thread.currentThread().isInterrupted()) {
                    out.write(line);
                }
            }
            default -> http(port, in, out);
        }
    }

    private void http(int port, InputStream in, OutputStream out) throws IOException {
        String head = head(in);
        if (head.isEmpty()) {
            return;
        }
        String[] lines = head.split("\r\n");
        String[] request = lines[0].split(" ");
        if (request.length != 3) {
            throw new IOException("this simulated port speaks HTTP/1.1; port 7 echoes whatever it is sent");
        }
        byte[] body = in.readNBytes(length(lines));
        var answer = new ByteArrayOutputStream();
        answer.writeBytes((request[0] + " " + request[1] + "\npod: " + pod + "\nport: " + port + "\n")
                .getBytes(StandardCharsets.UTF_8));
        answer.writeBytes(body);
        out.write(("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: "
                        + answer.size() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        answer.writeTo(out);
        byte[] line = (request[0] + " " + request[1] + " on port " + port + "\n").getBytes(StandardCharsets.UTF_8);
        SimulatedContainer container = running.get().findFirst().orElse(null);
        if (container != null) {
            container.stdout().write(line, 0, line.length);
        }
    }

    private static int length(String[] lines) {
        for (String line : lines) {
            String field = line.toLowerCase(Locale.ROOT);
            if (field.startsWith("content-length:")
                    && field.substring(15).strip().matches("\\d{1,7}")) {
                return Math.min(BODY_BYTES, Integer.parseInt(field.substring(15).strip()));
            }
        }
        return 0;
    }

    private static String head(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0 || bytes.size() > HEAD_BYTES) {
                return "";
            }
            bytes.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
