package io.vertikube.kubelet;

import io.vertikube.control.Rounds;
import io.vertikube.kubelet.kernel.OwnPages;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Gives the machine back what a kubelet process took for its start and for bursts of pods, as soon as it is quiet: garbage
 * that no collector of the JVM would look for before the heap is full, and pages that are in files as well. One virtual
 * thread.
 */
final class OwnMemory implements AutoCloseable {

    private static final Duration FIRST = Duration.ofSeconds(20);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    /**
     * A 25th of a core: twice what 60 idle pods take, and less than what is in one of the two periods that a burst of them
     * may fall into.
     */
    private static final long QUIET_NANOS = PERIOD.toNanos() / 25;

    /** More than what a young generation holds between two collections of it, though nothing was busy. */
    private static final long WORTH_IT = 12L << 20;

    /** How memory is given back. */
    interface Return {
        void all() throws IOException;
    }

    private final LongSupplier used;
    private final LongSupplier spent;
    private final Return giveBack;
    private final Rounds rounds;
    private long kept;
    private long spentBefore;
    private boolean wasBusy = true;

    OwnMemory() {
        this(OwnMemory::usedHeap, OwnMemory::cpuNanos, () -> {
            System.gc();
            OwnPages.giveBack();
        });
    }

    /**
     * @param used bytes of the heap that hold objects or garbage
     * @param spent CPU time of the process so far, in nanoseconds
     */
    OwnMemory(LongSupplier used, LongSupplier spent, Return giveBack) {
        this.used = used;
        this.spent = spent;
        this.giveBack = giveBack;
        this.rounds = new Rounds("own-memory", FIRST, PERIOD, this::look, "memory is kept for now", IOException.class);
    }

    void start() {
        rounds.start();
    }

    @Override
    public void close() {
        rounds.close();
    }

    /** Called once in a period, and for the first time when the start is over. */
    void look() throws IOException {
        long now = spent.getAsLong();
        boolean quiet = now - spentBefore < QUIET_NANOS;
        spentBefore = now;
        if (!quiet) {
            wasBusy = true;
        } else if (wasBusy || used.getAsLong() - kept > WORTH_IT) {
            giveBack.all();
            kept = used.getAsLong();
            wasBusy = false;
        }
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static long cpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .orElse(0L);
    }
}
