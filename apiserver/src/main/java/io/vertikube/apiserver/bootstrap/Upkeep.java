package io.vertikube.apiserver.bootstrap;

import io.vertikube.client.Pace;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Does what a server repeats all its life, one after the other, every few seconds. Each task says how it failed and is
 * tried again in its next round. One virtual thread from {@link #start} to {@link #close}.
 */
public final class Upkeep implements AutoCloseable {

    /**
     * Something to repeat.
     *
     * @param rounds 1 for every round, 12 for every twelfth
     */
    public record Task(String name, int rounds, Runnable work) {}

    private final Pace pace;
    private final Duration round;
    private final List<Task> tasks;
    private final BiConsumer<String, RuntimeException> onFailure;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param round the time between two rounds
     * @param onFailure is told the name of a task that failed, and how
     */
    public Upkeep(Pace pace, Duration round, List<Task> tasks, BiConsumer<String, RuntimeException> onFailure) {
        this.pace = pace;
        this.round = round;
        this.tasks = List.copyOf(tasks);
        this.onFailure = onFailure;
        this.thread = Thread.ofVirtual().name("upkeep").unstarted(this::rounds);
    }

    /** The first round is a {@code round} away: what must be done before a server is ready is done by its start. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void rounds() {
        for (long count = 1; !closed; count++) {
            try {
                pace.sleep(round);
            } catch (InterruptedException e) {
                return;
            }
            for (Task task : tasks) {
                if (count % task.rounds == 0) {
                    attempt(task);
                }
            }
        }
    }

    private void attempt(Task task) {
        try {
            task.work.run();
        } catch (RuntimeException e) {
            if (!closed) {
                onFailure.accept(task.name, e);
            }
        }
    }
}
