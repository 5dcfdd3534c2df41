package io.vertikube.kubelet.status;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.vertikube.client.ApiClient;
import io.vertikube.client.TypedClient;
import io.vertikube.client.UnreachableException;
import io.vertikube.object.ApiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes pod statuses to the API, the newest of each pod and only when it changed; while the API is gone it keeps them
 * and tries again. Publishing never waits; a few virtual threads write. Safe for any thread.
 */
public final class StatusWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final int WRITERS = 4;
    private static final int TRIES_ON_CONFLICT = 5;
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** A pod on its way has its next status soon: most pods are written once, when they run. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(1);

    /** While others wait for their turn to start, what was not written of a pod yet may be so much late. */
    private static final Duration IN_A_CROWD = Duration.ofSeconds(10);

    private static final int STEPS_KEPT = 8;

    private final TypedClient<Pod> pods;
    private final Function<Pod, Optional<Pod>> inApi;
    private final BooleanSupplier crowded;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final DelayQueue<Due> queue = new DelayQueue<>();
    private final List<Thread> writers = new ArrayList<>();

    /**
     * Starts the writers.
     *
     * @param inApi the object that shows a pod's status: the pod itself, or its mirror as far as there is one
     * @param crowded whether so many pods start that those on their way had better not be written about
     */
    public StatusWriter(ApiClient client, Function<Pod, Optional<Pod>> inApi, BooleanSupplier crowded) {
        this.pods = client.of(Pod.class);
        this.inApi = inApi;
        this.crowded = crowded;
        for (int i = 0; i < WRITERS; i++) {
            writers.add(Thread.ofVirtual().name("status-" + i).start(this::work));
        }
    }

    /** When a pod's turn comes. Immutable. */
    private record Due(String uid, long nanos) implements Delayed {

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(nanos, ((Due) other).nanos);
        }
    }

    /** What is known to be in the API of one pod, and what is to be. Guarded by its monitor. */
    private static final class Entry {
        private static final long NOT_QUEUED = Long.MAX_VALUE;

        private final long since = System.nanoTime();
        private Pod base;
        private volatile PodStatus wanted;
        private @Nullable PodStatus written;
        private long due = NOT_QUEUED;

        /** Revisions of the object that writes here led from, and to. */
        private final Map<String, String> steps = new LinkedHashMap<>();

        Entry(Pod base, PodStatus wanted) {
            this.base = base;
            this.wanted = wanted;
        }

        void led(String from, String to) {
            if (steps.size() == STEPS_KEPT) {
                steps.remove(steps.keySet().iterator().next());
            }
            steps.put(from, to);
        }
    }

    /** Has a status written soon; {@code pod} is the object as last seen. */
    public void publish(Pod pod, PodStatus status) {
        String uid = pod.getMetadata().getUid();
        Entry entry = entries.computeIfAbsent(uid, u -> new Entry(pod, status));
        synchronized (entry) {
            if (status.equals(entry.written)) {
                entry.wanted = status;
                return;
            }
            entry.wanted = status;
            entry.base = newer(entry.base, pod);
            enqueue(uid, entry, StatusUrgency.isOnItsWay(status) ? ON_ITS_WAY : Duration.ZERO);
        }
    }

    /**
     * Whether a pod's object came from one revision to another by nothing but statuses written here; waits for a write under
     * way. Pods of manifests have no revision, which is always the same.
     */
    public boolean wroteAllBetween(String uid, @Nullable String from, @Nullable String to) {
        if (Objects.equals(from, to)) {
            return true;
        }
        Entry entry = entries.get(uid);
        if (entry == null) {
            return false;
        }
        synchronized (entry) {
            String at = from;
            for (int step = 0; step < STEPS_KEPT && at != null && !at.equals(to); step++) {
                at = entry.steps.get(at);
            }
            return at != null && at.equals(to);
        }
    }

    private void enqueue(String uid, Entry entry, Duration delay) {
        long due = System.nanoTime() + delay.toNanos();
        if (entry.due == Entry.NOT_QUEUED || due < entry.due) {
            entry.due = due;
            queue.add(new Due(uid, due));
        }
    }

    /** The status last published for a pod, if there is one. */
    public Optional<PodStatus> published(String uid) {
        Entry entry = entries.get(uid);
        if (entry == null) {
            return Optional.empty();
        }
        return Optional.of(entry.wanted);
    }

    /** Writes a pod's status now and waits; answers false when the pod is gone. */
    public boolean writeNow(Pod pod, PodStatus status) {
        Entry entry = entries.computeIfAbsent(pod.getMetadata().getUid(), u -> new Entry(pod, status));
        synchronized (entry) {
            entry.wanted = status;
            entry.base = newer(entry.base, pod);
            return write(entry);
        }
    }

    /** Whether everything published is written, as far as there is an object to write it to. */
    public boolean settled() {
        for (Entry entry : entries.values()) {
            synchronized (entry) {
                if (entry.due != Entry.NOT_QUEUED
                        || (!entry.wanted.equals(entry.written)
                                && inApi.apply(entry.base).isPresent())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Has a pod's status written once more: the object that shows it is new. */
    public void again(String uid) {
        Entry entry = entries.get(uid);
        if (entry == null) {
            return;
        }
        synchronized (entry) {
            entry.written = null;
            enqueue(uid, entry, Duration.ZERO);
        }
    }

    public void forget(String uid) {
        entries.remove(uid);
    }

    @Override
    public void close() {
        writers.forEach(Thread::interrupt);
    }

    private void work() {
        try {
            while (true) {
                Due due = queue.take();
                Entry entry = entries.get(due.uid());
                if (entry != null && !writeQueued(entry, due)) {
                    Thread.sleep(PAUSE);
                    synchronized (entry) {
                        if (entries.containsKey(due.uid())) {
                            enqueue(due.uid(), entry, Duration.ZERO);
                        }
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean writeQueued(Entry entry, Due due) {
        synchronized (entry) {
            if (entry.due < due.nanos()) {
                // Its turn was brought forward.
                return true;
            }
            entry.due = Entry.NOT_QUEUED;
            if (mayWait(entry)) {
                enqueue(due.uid(), entry, ON_ITS_WAY);
                return true;
            }
            try {
                write(entry);
                return true;
            } catch (ApiException | UnreachableException e) {
                LOG.warn(
                        "status of pod {}/{} not written, again later: {}",
                        entry.base.getMetadata().getNamespace(),
                        entry.base.getMetadata().getName(),
                        e.getMessage());
                return false;
            } catch (RuntimeException e) {
                LOG.error("status of pod {} not written, again later", due.uid(), e);
                return false;
            }
        }
    }

    private boolean mayWait(Entry entry) {
        return crowded.getAsBoolean()
                && StatusUrgency.isOnItsWay(entry.wanted)
                && System.nanoTime() - entry.since < IN_A_CROWD.toNanos();
    }

    private boolean write(Entry entry) {
        if (entry.wanted.equals(entry.written)) {
            return true;
        }
        Optional<Pod> shown = inApi.apply(entry.base);
        if (shown.isEmpty()) {
            return true;
        }
        Pod base = shown.get();
        String namespace = base.getMetadata().getNamespace();
        String name = base.getMetadata().getName();
        String uid = base.getMetadata().getUid();
        boolean itself = uid.equals(entry.base.getMetadata().getUid());
        for (int tries = 1; ; tries++) {
            try {
                String from = base.getMetadata().getResourceVersion();
                Pod sent = ShownPod.of(base, withForeignConditions(entry.wanted, base.getStatus()));
                String to = pods.writeStatus(sent);
                if (itself) {
                    entry.base = ShownPod.at(sent, to);
                    entry.led(from, to);
                }
                entry.written = entry.wanted;
                return true;
            } catch (ApiException e) {
                if (e.isNotFound()) {
                    return false;
                }
                if (!e.isConflict() || tries == TRIES_ON_CONFLICT) {
                    throw e;
                }
                Optional<Pod> fresh = pods.find(namespace, name);
                if (fresh.isEmpty() || !fresh.get().getMetadata().getUid().equals(uid)) {
                    return false;
                }
                base = fresh.get();
            }
        }
    }

    /** Conditions that another writer added since the status was computed stay. */
    private static PodStatus withForeignConditions(PodStatus wanted, @Nullable PodStatus inApi) {
        if (inApi == null || inApi.getConditions() == null) {
            return wanted;
        }
        var mine = Objects.requireNonNullElse(wanted.getConditions(), List.<PodCondition>of());
        var types = mine.stream().map(PodCondition::getType).collect(Collectors.toSet());
        List<PodCondition> all = new ArrayList<>(mine);
        inApi.getConditions().stream()
                .filter(condition ->
                        !types.contains(condition.getType()) && !PodConditions.PASSING.contains(condition.getType()))
                .forEach(all::add);
        if (all.size() == mine.size()) {
            return wanted;
        }
        return new io.fabric8.kubernetes.api.model.PodStatusBuilder(wanted)
                .withConditions(all)
                .build();
    }

    /** Our server's revisions are numbers; where they are not, the newcomer wins. */
    private static Pod newer(Pod known, Pod seen) {
        try {
            long a = Long.parseLong(known.getMetadata().getResourceVersion());
            long b = Long.parseLong(seen.getMetadata().getResourceVersion());
            return a > b ? known : seen;
        } catch (NumberFormatException e) {
            return seen;
        }
    }
}
