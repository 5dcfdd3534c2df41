package io.vertikube.control;

import io.vertikube.client.UnreachableException;
import io.vertikube.object.ApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one thing whenever it is woken, and else after the time that the last round asked for. A round that fails is told of
 * and comes again soon. One virtual thread, which is the only one that goes the rounds; waking is safe for any.
 */
public final class WokenRounds implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WokenRounds.class);

    /** What is done. */
    public interface Round {

        /** Answers how long to rest if nobody wakes. */
        Duration go() throws IOException, InterruptedException;
    }

    private final Round round;
    private final Duration afterFailure;
    private final String failure;
    private final BlockingQueue<Boolean> bell = new ArrayBlockingQueue<>(1);
    private final Thread thread;

    /**
     * Makes one that does nothing before {@link #start()}.
     *
     * @param name the thread's
     * @param failure what a failed round means to a person, such as {@code "the pod network is not complete, again soon"}
     */
    public WokenRounds(String name, Round round, Duration afterFailure, String failure) {
        this.round = round;
        this.afterFailure = afterFailure;
        this.failure = failure;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Has the next round come now. */
    public void wake() {
        bell.offer(true);
    }

    /** Breaks off. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                bell.poll(goRound().toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            LOG.debug("{} ends", thread.getName());
        }
    }

    private Duration goRound() throws InterruptedException {
        try {
            return round.go();
        } catch (ApiException | UnreachableException | IOException e) {
            LOG.warn("{}: {}", failure, e.getMessage());
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
            LOG.error("{}", failure, e);
        }
        return afterFailure;
    }
}
