package io.vertikube.proxy.dns;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** Cuts a TCP stream into messages, each behind its length in two bytes (RFC 1035, 4.2.2). Confined to an event loop. */
final class TcpFrames {

    private final Consumer<Buffer> message;
    private Buffer rest = Buffer.buffer();

    TcpFrames(Consumer<Buffer> message) {
        this.message = message;
    }

    void take(Buffer bytes) {
        rest = rest.length() == 0 ? bytes : rest.appendBuffer(bytes);
        int from = 0;
        while (rest.length() - from >= 2) {
            int length = rest.getUnsignedShort(from);
            if (rest.length() - from - 2 < length) {
                break;
            }
            message.accept(rest.getBuffer(from + 2, from + 2 + length));
            from += 2 + length;
        }
        rest = rest.getBuffer(from, rest.length());
    }

    static Buffer frame(Buffer bytes) {
        return Buffer.buffer(bytes.length() + 2)
                .appendUnsignedShort(bytes.length())
                .appendBuffer(bytes);
    }
}
