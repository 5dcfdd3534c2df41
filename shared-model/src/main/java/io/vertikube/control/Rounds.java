package io.vertikube.control;

import io.vertikube.client.UnreachableException;
import io.vertikube.object.ApiException;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one thing again and again with a rest between. A round that fails is told of, and the next one comes all the same.
 * One virtual thread, which is the only one that goes the rounds.
 */
public final class Rounds implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    /** What is done. */
    public interface Round {
        void go() throws IOException, InterruptedException;
    }

    private final String failure;
    private final Class<? extends Exception> expected;
    private final Duration first;
    private final Duration rest;
    private final Round round;
    private final Thread thread;

    /**
     * Makes one that does nothing before {@link #start()}.
     *
     * @param name the thread's
     * @param failure what a failed round means to a person, such as {@code "logs are not rotated now"}
     * @param expected a failure that happens, told in a sentence as those of files and of the API are; any other is an error with
     *     its trace
     */
    public Rounds(
            String name,
            Duration first,
            Duration rest,
            Round round,
            String failure,
            Class<? extends Exception> expected) {
        this.failure = failure;
        this.expected = expected;
        this.first = first;
        this.rest = rest;
        this.round = round;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Breaks off. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            Thread.sleep(first);
            while (true) {
                try {
                    round.go();
                } catch (IOException | RuntimeException e) {
                    tell(e);
                }
                Thread.sleep(rest);
            }
        } catch (InterruptedException e) {
            LOG.debug("{} ends", thread.getName());
        }
    }

    private void tell(Exception e) {
        boolean known = e instanceof IOException
                || e instanceof ApiException
                || e instanceof UnreachableException
                || expected.isInstance(e);
        if (known) {
            LOG.warn("{}: {}", failure, e.getMessage());
        } else {
            LOG.error("{}", failure, e);
        }
    }
}
