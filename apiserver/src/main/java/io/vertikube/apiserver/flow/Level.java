package io.vertikube.apiserver.flow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A priority level at work: how many of its requests run, and which wait. As long as there are seats and nobody waits, a
 * request takes one without a lock. Safe for any thread.
 */
final class Level {

    /** A request that waits; told once that it may go on. Its state belongs to the level's lock. */
    static final class Ticket {
        private final long hash;
        private final Runnable proceed;
        private boolean waits = true;

        Ticket(long hash, Runnable proceed) {
            this.hash = hash;
            this.proceed = proceed;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger executing = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile LevelRule rule;
    private volatile int nominal;
    private volatile int limit;
    private volatile int high;
    private List<Deque<Ticket>> queues;
    private int turn;

    /** @param seats of it by its shares */
    Level(LevelRule rule, int seats) {
        this.rule = rule;
        this.nominal = seats;
        this.limit = seats;
        this.queues = queues(rule);
    }

    private static List<Deque<Ticket>> queues(LevelRule rule) {
        var queues = new ArrayList<Deque<Ticket>>(rule.queues());
        for (int i = 0; i < rule.queues(); i++) {
            queues.add(new ArrayDeque<>(0));
        }
        return queues;
    }

    LevelRule rule() {
        return rule;
    }

    int executing() {
        return executing.get();
    }

    int waiting() {
        return waiting.get();
    }

    /** The seats that it has for now. */
    int limit() {
        return limit;
    }

    /** The seats that it has by its shares. */
    int nominal() {
        return nominal;
    }

    /** Takes a seat if there is one and nobody waits for it. */
    boolean tryEnter() {
        if (rule.exempt()) {
            noteNeed(executing.incrementAndGet());
            return true;
        }
        if (waiting.get() == 0 && takeSeat()) {
            return true;
        }
        noteNeed(executing.get() + 1);
        return false;
    }

    private boolean takeSeat() {
        while (true) {
            int now = executing.get();
            if (now >= limit) {
                return false;
            }
            if (executing.compareAndSet(now, now + 1)) {
                noteNeed(now + 1);
                return true;
            }
        }
    }

    private void noteNeed(int seats) {
        if (seats > high) {
            high = seats;
        }
    }

    /** The most seats that were wanted at once since it was last asked. */
    int takeHigh() {
        int seen = high;
        high = executing.get() + waiting.get();
        return Math.max(seen, high);
    }

    /** Gives a seat back. */
    void exit() {
        executing.decrementAndGet();
        if (waiting.get() > 0) {
            dispatch();
        }
    }

    /**
     * Lets a request wait for a seat, in the shortest queue of its flow's hand.
     *
     * @return false if that queue is full, or this level has none
     */
    boolean enqueue(Ticket ticket) {
        lock.lock();
        try {
            if (queues.isEmpty() || !place(ticket, rule.queueLength())) {
                return false;
            }
            waiting.incrementAndGet();
            noteNeed(executing.get() + waiting.get());
        } finally {
            lock.unlock();
        }
        dispatch();
        return true;
    }

    private boolean place(Ticket ticket, int longest) {
        Deque<Ticket> best = null;
        for (int index : Hand.of(ticket.hash, queues.size(), rule.handSize())) {
            Deque<Ticket> queue = queues.get(index);
            if (best == null || queue.size() < best.size()) {
                best = queue;
            }
        }
        if (best == null || best.size() >= longest) {
            return false;
        }
        best.add(ticket);
        return true;
    }

    /** Takes a request out of its queue; false if it has gone on already. */
    boolean leave(Ticket ticket) {
        lock.lock();
        try {
            if (!ticket.waits) {
                return false;
            }
            ticket.waits = false;
            queues.forEach(queue -> queue.remove(ticket));
            waiting.decrementAndGet();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives free seats to those who wait, a queue after the other. */
    private void dispatch() {
        while (true) {
            Ticket next;
            lock.lock();
            try {
                if (waiting.get() == 0 || !takeSeat()) {
                    return;
                }
                next = next();
                next.waits = false;
                waiting.decrementAndGet();
            } finally {
                lock.unlock();
            }
            next.proceed.run();
        }
    }

    /** The queue whose turn it is; somebody waits. */
    private Ticket next() {
        for (int i = 0; i < queues.size(); i++) {
            turn = turn + 1 >= queues.size() ? 0 : turn + 1;
            Ticket ticket = queues.get(turn).poll();
            if (ticket != null) {
                return ticket;
            }
        }
        throw new IllegalStateException("requests are counted that wait in no queue");
    }

    /** Goes on with a changed rule; who waits keeps waiting, in the new queues. */
    void follow(LevelRule changed, int seats) {
        lock.lock();
        try {
            LevelRule before = rule;
            rule = changed;
            if (nominal != seats) {
                nominal = seats;
                limit = seats;
            }
            if (!before.queuesLike(changed)) {
                var all = new ArrayList<Ticket>();
                queues.forEach(all::addAll);
                // Without queues nobody new waits; those who do are let out of one that is left.
                queues = changed.queues() == 0 && !all.isEmpty() ? List.of(new ArrayDeque<>(all)) : queues(changed);
                turn = 0;
                if (changed.queues() > 0) {
                    all.forEach(ticket -> place(ticket, Integer.MAX_VALUE));
                }
            }
        } finally {
            lock.unlock();
        }
        dispatch();
    }

    void limit(int seats) {
        limit = seats;
        if (waiting.get() > 0) {
            dispatch();
        }
    }
}
