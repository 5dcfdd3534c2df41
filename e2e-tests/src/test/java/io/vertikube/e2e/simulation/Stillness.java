package io.vertikube.e2e.simulation;

import io.vertx.core.Context;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * Sees when nobody does anything: no virtual thread runs or is about to, the one event loop has gone its rounds and found
 * nothing, and no trace has changed. Waiting for something that lies ahead in time is not doing. Confined to the platform thread that
 * drives the simulation.
 */
final class Stillness {

    private static final int LOOKS = 3;
    private static final int MOST_THREADS = 500;
    private static final String CARRIERS = "ForkJoinPool-";
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long LOOK_AGAIN_NANOS = 20_000;

    private final VirtualThreadSchedulerMXBean threads =
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    private final Context eventLoop;
    private final Supplier<List<Long>> traces;
    private final BooleanSupplier answered;

    /** @param traces change whenever somebody has done something */
    Stillness(Context eventLoop, Supplier<List<Long>> traces, BooleanSupplier answered) {
        this.eventLoop = eventLoop;
        this.traces = traces;
        this.answered = answered;
    }

    /** Returns when it is still; after a long time in any case, since some who wait for the machine never are. */
    void await() throws InterruptedException {
        long latest = System.nanoTime() + LONGEST_NANOS;
        List<Long> before = List.of();
        for (int still = 0; still < LOOKS && System.nanoTime() - latest < 0; ) {
            eventLoopGoesRound();
            boolean idle = answered.getAsBoolean()
                    && threads.getQueuedVirtualThreadCount() == 0
                    && threads.getMountedVirtualThreadCount() == 0
                    && carriersRest();
            List<Long> now = traces.get();
            still = idle && now.equals(before) ? still + 1 : 0;
            before = now;
            if (!idle) {
                LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            }
        }
    }

    /** One that reads a file, as for a class that is needed for the first time, carries nobody and does not rest. */
    private static boolean carriersRest() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        var known = new Thread[MOST_THREADS];
        int count = all.enumerate(known, true);
        for (int i = 0; i < count; i++) {
            Thread.State state = known[i].getState();
            boolean busy = state == Thread.State.RUNNABLE || state == Thread.State.BLOCKED;
            if (busy && known[i].getName().startsWith(CARRIERS)) {
                return false;
            }
        }
        return true;
    }

    /** A task that a loop does stands behind what its sockets had to say when it came. */
    private void eventLoopGoesRound() throws InterruptedException {
        var done = new CountDownLatch(1);
        eventLoop.runOnContext(ignored -> done.countDown());
        done.await(1, TimeUnit.SECONDS);
    }
}
