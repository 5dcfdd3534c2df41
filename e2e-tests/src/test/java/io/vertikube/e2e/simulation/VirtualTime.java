package io.vertikube.e2e.simulation;

import io.netty.util.concurrent.Ticker;
import io.vertikube.control.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Time that stands still until it is moved on, and then wakes who has waited for it. Safe for any thread. */
final class VirtualTime implements Time {

    private final Instant origin;
    private final long seed;
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong waits = new AtomicLong();
    private final TreeSet<Wait> waiting =
            new TreeSet<>(Comparator.comparingLong(Wait::dueNanos).thenComparingLong(Wait::number));

    /**
     * @param seed of what is left to chance
     */
    VirtualTime(Instant origin, long seed) {
        this.origin = origin;
        this.seed = seed;
    }

    /** Somebody who waits. */
    private static final class Wait {
        private final long dueNanos;
        private final long number;
        private final Condition condition;
        private final Lock lock;
        private volatile boolean over;

        Wait(long dueNanos, long number, Condition condition, Lock lock) {
            this.dueNanos = dueNanos;
            this.number = number;
            this.condition = condition;
            this.lock = lock;
        }

        long dueNanos() {
            return dueNanos;
        }

        long number() {
            return number;
        }

        /** Whoever waits holds the lock until it really waits, so this cannot come too soon. */
        void wake() {
            over = true;
            lock.lock();
            try {
                condition.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Connections would end by another clock. */
    @Override
    public Duration idleConnection() {
        return Duration.ZERO;
    }

    @Override
    public Instant instant() {
        return origin.plusNanos(nanos.get());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // its callers do
    public boolean await(Condition changed, Lock lock, Duration most) throws InterruptedException {
        Wait wait;
        synchronized (waiting) {
            wait = new Wait(nanos.get() + Math.max(1, most.toNanos()), waits.incrementAndGet(), changed, lock);
            waiting.add(wait);
        }
        try {
            changed.await();
            return !wait.over;
        } finally {
            synchronized (waiting) {
                waiting.remove(wait);
            }
        }
    }

    @Override
    public void sleep(Duration howLong) throws InterruptedException {
        var lock = new ReentrantLock();
        Condition never = lock.newCondition();
        long until = nanos.get() + howLong.toNanos();
        lock.lock();
        try {
            while (nanos.get() < until) {
                await(never, lock, Duration.ofNanos(until - nanos.get()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** By who asks and when: the same in every run of a seed, different for many alike. */
    @Override
    public Duration upTo(Duration most) {
        long lot = new SplittableRandom(seed
                        ^ nanos.get()
                        ^ (long) Thread.currentThread().getName().hashCode() << 32)
                .nextLong(most.toMillis() + 1);
        return Duration.ofMillis(lot);
    }

    /** What event loops go by. */
    Ticker ticker() {
        return new Ticker() {
            @Override
            public long initialNanoTime() {
                return 0;
            }

            @Override
            public long nanoTime() {
                return nanos.get();
            }

            @Override
            public void sleep(long delay, TimeUnit unit) throws InterruptedException {
                VirtualTime.this.sleep(Duration.ofNanos(unit.toNanos(delay)));
            }
        };
    }

    /** When the first of those that wait is due. */
    Optional<Instant> next() {
        synchronized (waiting) {
            return waiting.isEmpty() ? Optional.empty() : Optional.of(origin.plusNanos(waiting.first().dueNanos));
        }
    }

    /** Moves on and wakes everybody who is due by then, the first first; never goes back. */
    void advanceTo(Instant to) {
        List<Wait> due = new ArrayList<>();
        synchronized (waiting) {
            long target = Math.max(nanos.get(), Duration.between(origin, to).toNanos());
            nanos.set(target);
            while (!waiting.isEmpty() && waiting.first().dueNanos <= target) {
                due.add(waiting.pollFirst());
            }
        }
        due.forEach(Wait::wake);
    }
}
