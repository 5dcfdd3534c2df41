package io.vertikube.kubelet;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** The client's end of a WebSocket, RFC 6455, without fragments. One reader; any writers. */
final class WebSocketFrames {

    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final DataInputStream in;
    private final DataOutputStream out;

    WebSocketFrames(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = new DataOutputStream(new java.io.BufferedOutputStream(out, 64 * 1024));
    }

    void send(byte[] message, boolean text) throws IOException {
        frame(text ? TEXT : BINARY, message);
    }

    void ping() throws IOException {
        frame(PING, new byte[] {1});
    }

    private synchronized void frame(int opcode, byte[] body) throws IOException {
        out.writeByte(0x80 | opcode);
        if (body.length < 126) {
            out.writeByte(0x80 | body.length);
        } else if (body.length < 65536) {
            out.writeByte(0x80 | 126);
            out.writeShort(body.length);
        } else {
            out.writeByte(0x80 | 127);
            out.writeLong(body.length);
        }
        // Masked with zeros, which changes nothing.
        out.writeInt(0);
        out.write(body);
        out.flush();
    }

    /** The next message; empty when the other end closes. */
    Optional<byte[]> next() throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & 0x0f;
            long length = in.readUnsignedByte() & 0x7f;
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            byte[] body = new byte[Math.toIntExact(length)];
            in.readFully(body);
            switch (opcode) {
                case CLOSE -> {
                    return Optional.empty();
                }
                case PING -> frame(PONG, body);
                case PONG -> {}
                default -> {
                    return Optional.of(body);
                }
            }
        }
    }
}
