package io.vertikube.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.vertikube.cache.LruMap;
import io.vertikube.client.ApiClient;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.client.UnreachableException;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people what happened to an object, as Events. Recording never waits: a virtual thread writes; what repeats is
 * counted on the Event that is there; an object that floods is cut to 25 new Events and one more each 5 minutes, and a
 * full queue drops. All together they are no more than its {@link EventRate} lets through; the others wait. While its component is busy with what people wait for, news of what goes well are written later, with
 * the time at which it happened. Safe for any thread.
 */
public final class EventRecorder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int QUEUE = 1000;
    private static final int REMEMBERED = 4096;
    private static final int BURST = 25;
    private static final int TRIES_FOR_A_NAME = 5;
    private static final double PER_SECOND = 1 / 300.0;
    private static final String WARNING = "Warning";

    /** How late an Event may be for others' sake. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ISO_INSTANT;

    private final TypedClient<Event> events;
    private final String component;
    private final String host;
    private final InstantSource clock;
    private final BlockingQueue<Occurrence> queue = new LinkedBlockingQueue<>(QUEUE);
    private final Map<Same, Written> written = new LruMap<>(REMEMBERED);
    private final Map<String, TokenBucket> buckets = new LruMap<>(REMEMBERED);
    private final BooleanSupplier busy;
    private final EventRate rate;
    private final TokenBucket all;
    private final AtomicInteger warnings = new AtomicInteger();
    private final Thread writer;
    private long lastStamp;

    /**
     * Starts its writer.
     *
     * @param busy whether the component has more urgent things to do than to tell that all goes well
     */
    public EventRecorder(
            ApiClient client,
            String component,
            String host,
            InstantSource clock,
            BooleanSupplier busy,
            EventRate rate) {
        this.events = client.of(Event.class);
        this.component = component;
        this.host = host;
        this.clock = clock;
        this.busy = busy;
        this.rate = rate;
        this.all = new TokenBucket(Math.max(1, rate.burst()), rate.perSecond(), clock.instant());
        this.writer = Thread.ofVirtual().name("events-" + component).start(this::write);
    }

    /** Of a component that is never too busy. */
    public EventRecorder(ApiClient client, String component, String host, InstantSource clock) {
        this(client, component, host, clock, () -> false, EventRate.UNLIMITED);
    }

    /** Uses the machine's clock. */
    public EventRecorder(ApiClient client, String component, String host) {
        this(client, component, host, InstantSource.system());
    }

    public void normal(HasMetadata about, String reason, String message) {
        record(reference(about), "Normal", reason, message);
    }

    public void warning(HasMetadata about, String reason, String message) {
        record(reference(about), WARNING, reason, message);
    }

    /** An event about a part of an object, such as {@code spec.containers{web}}. */
    public void record(ObjectReference about, String type, String reason, String message) {
        var what = new Occurrence(about, type, reason, message, clock.instant());
        if (what.isWarning()) {
            warnings.incrementAndGet();
        }
        if (!queue.offer(what)) {
            if (what.isWarning()) {
                warnings.decrementAndGet();
            }
            LOG.debug("event dropped, {} wait already: {} {}", QUEUE, reason, message);
        }
    }

    /** A reference to an object, as an Event's {@code involvedObject} has it. */
    public static ObjectReference reference(HasMetadata about) {
        return new ObjectReferenceBuilder()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(about.getMetadata().getNamespace())
                .withName(about.getMetadata().getName())
                .withUid(about.getMetadata().getUid())
                .withResourceVersion(about.getMetadata().getResourceVersion())
                .build();
    }

    /** A reference to the node that a component runs on: its name stands for its uid, as in Kubernetes' own events. */
    public static ObjectReference ownNode(String name) {
        return new ObjectReferenceBuilder()
                .withApiVersion("v1")
                .withKind("Node")
                .withName(name)
                .withUid(name)
                .build();
    }

    @Override
    public void close() {
        writer.interrupt();
    }

    private void write() {
        try {
            while (true) {
                Occurrence next = queue.take();
                while (mayWait(next)) {
                    Thread.sleep(GLANCE);
                }
                if (next.isWarning()) {
                    warnings.decrementAndGet();
                }
                while (rate.perSecond() > 0 && !all.take(clock.instant())) {
                    Thread.sleep(Duration.ofSeconds(1).dividedBy(rate.perSecond()));
                }
                try {
                    write(next);
                } catch (ApiException | UnreachableException e) {
                    LOG.debug("event not written: {} {}: {}", next.reason, next.message, e.getMessage());
                } catch (RuntimeException e) {
                    LOG.error("event not written: {} {}", next.reason, next.message, e);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("events of {} end", component);
        }
    }

    /** A warning behind it ends its waiting: what is told of an object stays in order. */
    private boolean mayWait(Occurrence next) {
        return busy.getAsBoolean()
                && warnings.get() == 0
                && queue.size() < QUEUE / 2
                && clock.instant().isBefore(next.at.plus(PATIENCE));
    }

    private void write(Occurrence what) {
        var same = new Same(
                what.about.getUid() == null ? what.about.getName() : what.about.getUid(),
                what.about.getFieldPath() == null ? "" : what.about.getFieldPath(),
                what.type,
                what.reason,
                what.message);
        Written before = written.get(same);
        if (before != null && count(before, what)) {
            return;
        }
        if (!buckets.computeIfAbsent(same.object, k -> new TokenBucket(BURST, PER_SECOND, what.at))
                .take(what.at)) {
            return;
        }
        Event event = create(what);
        written.put(
                same,
                new Written(
                        event.getMetadata().getNamespace(), event.getMetadata().getName(), 1));
    }

    private boolean count(Written before, Occurrence what) {
        ObjectNode patch = Json.object();
        patch.put("count", before.count + 1);
        patch.put("lastTimestamp", seconds(what.at));
        try {
            events.patch(before.namespace, before.name, PatchType.MERGE, Json.bytes(patch), null);
            before.count++;
            return true;
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return false;
            }
            throw e;
        }
    }

    /** Another recorder may have told of the same object at the same time; the next nanosecond is free, or the one after. */
    private Event create(Occurrence what) {
        for (int tries = 1; ; tries++) {
            Event event = fresh(what, stamp(what.at));
            try {
                events.add(event);
                return event;
            } catch (ApiException e) {
                if (!e.isAlreadyExists() || tries == TRIES_FOR_A_NAME) {
                    throw e;
                }
            }
        }
    }

    /** Nanoseconds since 1970, later ones are greater: sorted by name, the Events of an object stand in their order. */
    private long stamp(Instant at) {
        lastStamp = Math.max(lastStamp + 1, at.getEpochSecond() * 1_000_000_000L + at.getNano());
        return lastStamp;
    }

    private Event fresh(Occurrence what, long stamp) {
        String own = what.about.getNamespace();
        String namespace = own == null || own.isEmpty() ? "default" : own;
        String name = what.about.getName() + "." + Long.toHexString(stamp);
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withInvolvedObject(what.about)
                .withReason(what.reason)
                .withMessage(what.message)
                .withType(what.type)
                .withNewSource()
                .withComponent(component)
                .withHost(host.isEmpty() ? null : host)
                .endSource()
                .withFirstTimestamp(seconds(what.at))
                .withLastTimestamp(seconds(what.at))
                .withCount(1)
                .withReportingComponent(component)
                .withReportingInstance(host)
                .build();
    }

    private static String seconds(Instant at) {
        return SECONDS.format(at.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
    }

    private record Occurrence(ObjectReference about, String type, String reason, String message, Instant at) {

        boolean isWarning() {
            return type.equals(WARNING);
        }
    }

    private record Same(String object, String part, String type, String reason, String message) {}

    /** An Event that is there. Confined to the writer. */
    private static final class Written {
        private final String namespace;
        private final String name;
        private int count;

        Written(String namespace, String name, int count) {
            this.namespace = namespace;
            this.name = name;
            this.count = count;
        }
    }
}
