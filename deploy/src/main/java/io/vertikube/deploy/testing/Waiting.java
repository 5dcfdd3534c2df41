package io.vertikube.deploy.testing;

import java.time.Duration;
import java.util.function.Predicate;

/** Waits for a part that has started to work. Stateless. */
final class Waiting {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(5);

    private Waiting() {}

    /** Answers the part once it is ready; closes it if that fails or is not in time. */
    static <P extends AutoCloseable> P until(P part, Predicate<P> ready, String otherwise) throws InterruptedException {
        try {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!ready.test(part)) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(otherwise + ", after " + PATIENCE.toSeconds() + " s");
                }
                Thread.sleep(POLL);
            }
            return part;
        } catch (RuntimeException | InterruptedException e) {
            try {
                part.close();
            } catch (Exception alsoThis) {
                e.addSuppressed(alsoThis);
            }
            throw e;
        }
    }
}
