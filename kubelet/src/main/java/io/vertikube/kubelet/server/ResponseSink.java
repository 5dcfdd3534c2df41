package io.vertikube.kubelet.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;

/** Writes to a response and waits until the caller takes it. Confined to the request's virtual thread. */
final class ResponseSink implements LogReader.Sink {

    private final HttpServerResponse response;
    private volatile boolean gone;

    ResponseSink(HttpServerResponse response) {
        this.response = response;
        response.closeHandler(v -> gone = true);
    }

    /** Sends the head, so that one who follows an empty log is not kept waiting for it. */
    void begin() {
        response.writeHead().await();
    }

    @Override
    public void write(byte[] bytes, int length) throws IOException {
        if (closed()) {
            throw new IOException("the caller is gone");
        }
        response.write(Buffer.buffer(length).appendBytes(bytes, 0, length)).await();
    }

    @Override
    public boolean closed() {
        return gone || response.closed();
    }
}
