package io.vertikube.scheduler.queue;

import io.vertikube.control.Time;
import io.vertikube.object.ObjectKey;
import io.vertikube.scheduler.plugin.ClusterEvent;
import io.vertikube.scheduler.snapshot.PodView;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Three places to wait: the active ones by priority and age; those that were tried and wait for a time; those that no
 * node suits, until something happens that one of the rules that said no names. What happens while a pod is being tried
 * counts too. Safe for any thread.
 */
public final class SchedulingQueue {

    private static final Comparator<QueuedPod> NEXT_FIRST = Comparator.<QueuedPod>comparingInt(
                    queued -> -queued.pod().priority())
            .thenComparing(QueuedPod::queuedAt)
            .thenComparing(queued -> queued.pod().key());

    /** Where a pod waits. */
    private sealed interface Place {
        QueuedPod pod();

        record Active(QueuedPod pod) implements Place {}

        record Delayed(QueuedPod pod, Instant until) implements Place {}

        record Unsuited(QueuedPod pod) implements Place {}
    }

    /** What happened to a pod, and around it, while it is being tried. */
    private static final class Flight {
        private final EnumSet<ClusterEvent> events = EnumSet.noneOf(ClusterEvent.class);
        private @Nullable PodView newer;

        QueuedPod latest(QueuedPod taken) {
            PodView now = newer;
            return now == null ? taken : taken.with(now);
        }
    }

    /** Which events may turn which rule's refusal round, by the rule's name. */
    private final Map<String, Set<ClusterEvent>> wakes;

    private final QueueTimes times;
    private final Time clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeSet<QueuedPod> active = new TreeSet<>(NEXT_FIRST);
    private final TreeSet<Place.Delayed> delayed = new TreeSet<>(Comparator.comparing(Place.Delayed::until)
            .thenComparing(place -> place.pod().pod().key()));
    private final Map<ObjectKey, Place> places = new HashMap<>();
    private final Map<ObjectKey, Flight> inFlight = new HashMap<>();
    private int unsuitedCount;

    public SchedulingQueue(Map<String, Set<ClusterEvent>> wakes, QueueTimes times, Time clock) {
        this.wakes = Map.copyOf(wakes);
        this.times = times;
        this.clock = clock;
    }

    /** Takes a pod in, or its newer version; a waiting one that changed itself is looked at by the rules that said no. */
    public void put(PodView pod, boolean changedItself) {
        locked(() -> {
            Flight flight = inFlight.get(pod.key());
            if (flight != null) {
                flight.newer = pod;
                if (changedItself) {
                    flight.events.add(ClusterEvent.POD_ITSELF);
                }
                return;
            }
            switch (takeOut(pod.key())) {
                case null -> activate(QueuedPod.fresh(pod, clock.instant()));
                case Place.Active(QueuedPod queued) -> activate(queued.with(pod));
                case Place.Delayed(QueuedPod queued, Instant until) -> delay(queued.with(pod), until);
                case Place.Unsuited(QueuedPod queued) -> {
                    if (changedItself && helps(queued, ClusterEvent.POD_ITSELF)) {
                        delay(queued.with(pod));
                    } else {
                        park(queued.with(pod));
                    }
                }
            }
        });
    }

    /** Forgets a pod that is gone or has its node. */
    public void remove(ObjectKey key) {
        locked(() -> {
            inFlight.remove(key);
            takeOut(key);
        });
    }

    /** Waits for the next pod; it is in flight until {@link #done}, {@link #unsuited} or {@link #again} is called. */
    public QueuedPod take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<QueuedPod> next = pollLocked();
                if (next.isPresent()) {
                    return next.get();
                }
                long millis = delayed.isEmpty()
                        ? times.longestUnsuited().toMillis()
                        : Math.max(
                                1,
                                Duration.between(
                                                clock.instant(), delayed.first().until())
                                        .toMillis());
                if (!clock.await(changed, lock, Duration.ofMillis(millis))) {
                    retryOldLocked();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next pod if there is one now. */
    public Optional<QueuedPod> poll() {
        lock.lock();
        try {
            return pollLocked();
        } finally {
            lock.unlock();
        }
    }

    /** A pod in flight has its node. */
    public void done(ObjectKey key) {
        locked(() -> inFlight.remove(key));
    }

    /** No node suits a pod in flight; it waits for events, unless one of them happened meanwhile. */
    public void unsuited(QueuedPod pod, Set<String> rejectedBy) {
        locked(() -> {
            Flight flight = inFlight.remove(pod.pod().key());
            if (flight == null) {
                return;
            }
            QueuedPod tried = flight.latest(pod).tried(rejectedBy, clock.instant());
            if (flight.events.stream().anyMatch(event -> helps(tried, event))) {
                delay(tried);
            } else {
                park(tried);
            }
        });
    }

    /** Something else went wrong with a pod in flight; it is tried again after a time. */
    public void again(QueuedPod pod) {
        locked(() -> {
            Flight flight = inFlight.remove(pod.pod().key());
            if (flight != null) {
                delay(flight.latest(pod).tried(Set.of(), clock.instant()));
            }
        });
    }

    /** A pod in flight goes back to where it was, untried. */
    public void putBack(QueuedPod pod) {
        locked(() -> {
            Flight flight = inFlight.remove(pod.pod().key());
            if (flight != null) {
                activate(flight.latest(pod));
            }
        });
    }

    /** Something happened: whom it may help is tried again. */
    public void happened(ClusterEvent event) {
        locked(() -> {
            inFlight.values().forEach(flight -> flight.events.add(event));
            for (QueuedPod pod : parked()) {
                if (helps(pod, event)) {
                    takeOut(pod.pod().key());
                    delay(pod);
                }
            }
        });
    }

    /** Looks again at pods that nothing has woken for long, in case an event was not thought of. */
    public void retryOld() {
        locked(this::retryOldLocked);
    }

    public int activeCount() {
        return counted(active::size);
    }

    public int delayedCount() {
        return counted(delayed::size);
    }

    public int unsuitedCount() {
        return counted(() -> unsuitedCount);
    }

    private Optional<QueuedPod> pollLocked() {
        Instant now = clock.instant();
        while (!delayed.isEmpty() && !delayed.first().until().isAfter(now)) {
            QueuedPod due = delayed.first().pod();
            takeOut(due.pod().key());
            activate(due);
        }
        QueuedPod next = active.pollFirst();
        if (next == null) {
            return Optional.empty();
        }
        places.remove(next.pod().key());
        inFlight.put(next.pod().key(), new Flight());
        return Optional.of(next);
    }

    private void retryOldLocked() {
        Instant old = clock.instant().minus(times.longestUnsuited());
        for (QueuedPod pod : parked()) {
            if (!pod.queuedAt().isAfter(old)) {
                takeOut(pod.pod().key());
                activate(pod);
            }
        }
    }

    private boolean helps(QueuedPod pod, ClusterEvent event) {
        return pod.rejectedBy().isEmpty()
                || pod.rejectedBy().stream()
                        .anyMatch(rule -> wakes.getOrDefault(rule, Set.of()).contains(event));
    }

    /** The time counts from the last try, so one that waited long enough goes on at once. */
    private void delay(QueuedPod pod) {
        delay(pod, pod.queuedAt().plus(times.backoff(pod.attempts())));
    }

    private void delay(QueuedPod pod, Instant until) {
        if (!until.isAfter(clock.instant())) {
            activate(pod);
            return;
        }
        var place = new Place.Delayed(pod, until);
        delayed.add(place);
        places.put(pod.pod().key(), place);
        changed.signal();
    }

    private void activate(QueuedPod pod) {
        active.add(pod);
        places.put(pod.pod().key(), new Place.Active(pod));
        changed.signal();
    }

    private void park(QueuedPod pod) {
        places.put(pod.pod().key(), new Place.Unsuited(pod));
        unsuitedCount++;
    }

    private List<QueuedPod> parked() {
        return unsuitedCount == 0
                ? List.of()
                : places.values().stream()
                        .filter(place -> place instanceof Place.Unsuited)
                        .map(Place::pod)
                        .toList();
    }

    private @Nullable Place takeOut(ObjectKey key) {
        Place place = places.remove(key);
        switch (place) {
            case null -> {}
            case Place.Active(QueuedPod pod) -> active.remove(pod);
            case Place.Delayed waiting -> delayed.remove(waiting);
            case Place.Unsuited(QueuedPod pod) -> unsuitedCount--;
        }
        return place;
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private int counted(java.util.function.IntSupplier count) {
        lock.lock();
        try {
            return count.getAsInt();
        } finally {
            lock.unlock();
        }
    }
}
