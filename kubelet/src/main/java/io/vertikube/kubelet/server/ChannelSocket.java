package io.vertikube.kubelet.server;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A caller's WebSocket on which every message begins with the number of its channel: a byte, or with the base64
 * protocols a digit before encoded text. Writing waits until the caller takes it. One reader, any writers; blocks.
 */
final class ChannelSocket {

    /** What came on a channel. */
    @SuppressWarnings("ArrayRecordComponent")
    record Message(int channel, byte[] body) {}

    private final ServerWebSocket socket;
    private final BlockingReads reads;
    private final boolean base64;

    ChannelSocket(ServerWebSocket socket, BlockingReads reads, String protocol) {
        this.socket = socket;
        this.reads = reads;
        this.base64 = StreamProtocols.isBase64(protocol);
    }

    /** Waits for the next message; empty when the caller is gone. */
    Optional<Message> take() throws InterruptedException, IOException {
        for (Optional<Buffer> next = reads.take(); next.isPresent(); next = reads.take()) {
            byte[] bytes = next.get().getBytes();
            if (bytes.length > 0) {
                return Optional.of(message(bytes));
            }
        }
        return Optional.empty();
    }

    private Message message(byte[] bytes) throws IOException {
        byte[] body = Arrays.copyOfRange(bytes, 1, bytes.length);
        if (!base64) {
            return new Message(bytes[0] & 0xff, body);
        }
        try {
            return new Message(bytes[0] - '0', Base64.getDecoder().decode(body));
        } catch (IllegalArgumentException e) {
            throw new IOException("a message is not in base64", e);
        }
    }

    void send(int channel, byte[] bytes) throws IOException {
        Future<Void> sent = base64
                ? socket.writeTextMessage((char) ('0' + channel)
                        + new String(Base64.getEncoder().encode(bytes), StandardCharsets.US_ASCII))
                : socket.writeBinaryMessage(Buffer.buffer(bytes.length + 1)
                        .appendByte((byte) channel)
                        .appendBytes(bytes));
        ByteTunnel.await(sent);
    }

    void close() {
        socket.close();
    }
}
