package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.Allocations.Pool;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.StoredObject;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a Service's events that what it holds was noted nowhere and is noted again. Blocks on the store; safe for any thread. */
final class RepairEvents {

    private static final Logger LOG = LoggerFactory.getLogger(RepairEvents.class);
    private static final String COMPONENT = "service-allocations-repair";

    private final ObjectStorage storage;
    private final InstantSource clock;

    RepairEvents(ObjectStorage storage, InstantSource clock) {
        this.storage = storage;
        this.clock = clock;
    }

    /** What cannot be told is logged: the repair is done. */
    void noted(Pool pool, String name, StoredObject service) {
        boolean address = pool == Pool.ADDRESSES;
        ObjectNode event = event(
                service,
                address ? "ClusterIPNotAllocated" : "PortNotAllocated",
                address ? "ClusterIPAllocation" : "PortAllocation",
                (address ? "Cluster IP " : "Port ") + name + " is not allocated; repairing");
        String key = "/registry/core/events/" + service.namespace() + "/" + Trees.text(event, "metadata", "name");
        try {
            storage.create(key, event);
        } catch (RuntimeException e) {
            LOG.warn("{} was noted again for {}, of which no event tells: {}", name, service.key(), e.getMessage());
        }
    }

    private ObjectNode event(StoredObject service, String reason, String action, String message) {
        Instant now = clock.instant();
        // Several may be told of one Service at once.
        long stamp =
                now.getEpochSecond() * 1_000_000_000L + now.getNano() + Math.floorMod(message.hashCode(), 1_000_000);
        String second = now.truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode event = Trees.newObject();
        event.put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata")
                .put("name", service.name() + "." + Long.toHexString(stamp))
                .put("namespace", service.namespace())
                .put("uid", UUID.randomUUID().toString())
                .put("creationTimestamp", second);
        event.putObject("involvedObject")
                .put("apiVersion", "v1")
                .put("kind", "Service")
                .put("namespace", service.namespace())
                .put("name", service.name())
                .put("uid", service.uid());
        event.put("type", "Warning").put("reason", reason).put("action", action).put("message", message);
        event.put("firstTimestamp", second).put("lastTimestamp", second).put("count", 1);
        event.putNull("eventTime");
        event.putObject("source").put("component", COMPONENT);
        return event.put("reportingComponent", COMPONENT).put("reportingInstance", "");
    }
}
