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
        private final int width;
        private final Runnable proceed;
        private boolean waits = true;

        /** @param width seats that it takes */
        Ticket(long hash, int width, Runnable proceed) {
            this.hash = hash;
            this.width = width;
            this.proceed = proceed;
        }
    }

    /** Requests that wait behind one another. Belongs to the level's lock. */
    private static final class Line {
        private final Deque<Ticket> tickets = new ArrayDeque<>(0);
        private int seats;
        /** Turns that it lets pass, since it was given more than a seat at once. */
        private int debt;

        void add(Ticket ticket) {
            tickets.add(ticket);
            seats += ticket.width;
        }

        boolean remove(Ticket ticket) {
            boolean here = tickets.remove(ticket);
            seats -= here ? ticket.width : 0;
            return here;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger executing = new AtomicInteger();
    /** The seats that those who wait want. */
    private final AtomicInteger waiting = new AtomicInteger();

    private volatile LevelRule rule;
    private volatile Seats.Part part;
    private volatile Seats.Need need = Seats.Need.NONE;
    private volatile int limit;
    private volatile int high;
    private List<Line> queues;
    private int turn;

    Level(LevelRule rule, Seats.Part part) {
        this.rule = rule;
        this.part = part;
        this.limit = part.nominal();
        this.queues = queues(rule);
    }

    private static List<Line> queues(LevelRule rule) {
        var queues = new ArrayList<Line>(rule.queues());
        for (int i = 0; i < rule.queues(); i++) {
            queues.add(new Line());
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
        return part.nominal();
    }

    /** What it keeps and what it may come to, by the configuration. */
    Seats.Part part() {
        return part;
    }

    /** What it was last seen to need, and what it was given for that. */
    Seats.Need need() {
        return need;
    }

    /** What it would have if there were enough for all: what it needs, and not less than it keeps or has and uses. */
    double target() {
        return Math.max(Math.max(part.least(), Math.min(part.nominal(), need.high())), need.smooth());
    }

    /** The most seats that one of its requests takes. */
    int widest() {
        return Width.most(rule, part.nominal());
    }

    /** Takes seats if they are there and nobody waits for them. */
    boolean tryEnter(int width) {
        if (rule.exempt()) {
            noteNeed(executing.addAndGet(width));
            return true;
        }
        if (waiting.get() == 0 && takeSeats(width)) {
            return true;
        }
        noteNeed(executing.get() + width);
        return false;
    }

    /** Who wants more than there are gets in when nobody else is. */
    private boolean takeSeats(int width) {
        while (true) {
            int now = executing.get();
            int all = limit;
            if (now + Math.min(width, Math.max(1, all)) > all) {
                return false;
            }
            if (executing.compareAndSet(now, now + width)) {
                noteNeed(now + width);
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

    /** Gives seats back. */
    void exit(int width) {
        executing.addAndGet(-width);
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
            waiting.addAndGet(ticket.width);
            noteNeed(executing.get() + waiting.get());
        } finally {
            lock.unlock();
        }
        dispatch();
        return true;
    }

    private boolean place(Ticket ticket, int longest) {
        Line best = null;
        for (int index : Hand.of(ticket.hash, queues.size(), rule.handSize())) {
            Line queue = queues.get(index);
            if (best == null || queue.seats < best.seats) {
                best = queue;
            }
        }
        if (best == null || best.tickets.size() >= longest) {
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
            waiting.addAndGet(-ticket.width);
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
                if (waiting.get() == 0) {
                    return;
                }
                Line queue = next();
                next = queue.tickets.element();
                if (!takeSeats(next.width)) {
                    return;
                }
                queue.remove(next);
                queue.debt = next.width - 1;
                turn++;
                next.waits = false;
                waiting.addAndGet(-next.width);
            } finally {
                lock.unlock();
            }
            next.proceed.run();
        }
    }

    /** The queue whose turn it is; somebody waits. It stays its turn until somebody of it got what he needs. */
    private Line next() {
        // A queue owes fewer turns than the widest request takes seats.
        for (int i = 0; i < queues.size() * Width.MOST; i++) {
            turn = turn >= queues.size() ? 0 : turn;
            Line queue = queues.get(turn);
            if (queue.tickets.isEmpty()) {
                queue.debt = 0;
            } else if (queue.debt == 0) {
                return queue;
            } else {
                queue.debt--;
            }
            turn++;
        }
        throw new IllegalStateException("requests are counted that wait in no queue");
    }

    /** Goes on with a changed rule; who waits keeps waiting, in the new queues. */
    void follow(LevelRule changed, Seats.Part seats) {
        lock.lock();
        try {
            LevelRule before = rule;
            rule = changed;
            if (part.nominal() != seats.nominal()) {
                limit = seats.nominal();
            }
            part = seats;
            if (!before.queuesLike(changed)) {
                var all = new ArrayList<Ticket>();
                queues.forEach(queue -> all.addAll(queue.tickets));
                queues = queues(changed);
                turn = 0;
                if (changed.queues() > 0) {
                    all.forEach(ticket -> place(ticket, Integer.MAX_VALUE));
                } else if (!all.isEmpty()) {
                    // Without queues nobody new waits; those who do are let out of one that is left.
                    var last = new Line();
                    all.forEach(last::add);
                    queues = List.of(last);
                }
            }
        } finally {
            lock.unlock();
        }
        dispatch();
    }

    /**
     * Goes on with the seats that it is given for now.
     *
     * @param seen why
     */
    void limit(int seats, Seats.Need seen) {
        need = seen;
        limit = seats;
        if (waiting.get() > 0) {
            dispatch();
        }
    }
}
