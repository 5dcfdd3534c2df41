package io.vertikube.kubelet.server;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries bytes both ways between a caller and the runtime until one side ends. Two virtual threads. */
final class ByteTunnel {

    private static final Logger LOG = LoggerFactory.getLogger(ByteTunnel.class);
    private static final int BLOCK = 32 * 1024;

    private ByteTunnel() {}

    /** Runs to its end; {@code toCaller} writes a piece. */
    static void run(
            BlockingReads fromCaller,
            Function<Buffer, Future<Void>> toCaller,
            RuntimeStream runtime,
            Runnable closeCaller)
            throws IOException {
        Thread.ofVirtual().name("tunnel-in").start(() -> {
            try (runtime) {
                for (Optional<Buffer> next = fromCaller.take(); next.isPresent(); next = fromCaller.take()) {
                    runtime.out().write(next.get().getBytes());
                    runtime.out().flush();
                }
            } catch (IOException e) {
                LOG.debug("a tunnel ends: {}", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        byte[] block = new byte[BLOCK];
        try {
            for (int count = runtime.in().read(block);
                    count >= 0;
                    count = runtime.in().read(block)) {
                await(toCaller.apply(Buffer.buffer(count).appendBytes(block, 0, count)));
            }
        } finally {
            runtime.close();
            closeCaller.run();
        }
    }

    /** Waits until the caller has taken what was written. */
    static void await(Future<Void> written) throws IOException {
        try {
            written.await();
        } catch (Exception e) { // await() throws what the future failed with, be it checked.
            throw new IOException("the caller is gone: " + e.getMessage(), e);
        }
    }
}
