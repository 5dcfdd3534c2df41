package io.vertikube.apiserver.flow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.Follower;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the stored flow schemas and priority levels, says in a schema's status whether its level is there, and has seats
 * lent every now and then. Every server runs one; what they write is fenced by revision and the same. Its state belongs to
 * its one virtual thread.
 */
final class FlowLoop implements AutoCloseable, Follower.Work {

    private static final Logger LOG = LoggerFactory.getLogger(FlowLoop.class);
    private static final String PREFIX = "/registry/flowcontrol.apiserver.k8s.io/";

    private final ObjectStorage storage;
    private final Flows flows;
    private final FlowLimits limits;
    private final InstantSource clock;
    private final Follower follower;
    private long adjusted;

    FlowLoop(ObjectStorage storage, Flows flows, FlowLimits limits, InstantSource clock) {
        this.storage = storage;
        this.flows = flows;
        this.limits = limits;
        this.clock = clock;
        this.adjusted = storage.pace().nanos();
        this.follower = new Follower("flow control", storage, PREFIX, this);
    }

    void start() {
        follower.start();
    }

    @Override
    public Duration look(boolean news) {
        if (news) {
            follow();
        } else {
            flows.adjust();
            adjusted = storage.pace().nanos();
        }
        return limits.adjusting().minusNanos(storage.pace().nanos() - adjusted);
    }

    private void follow() {
        Snapshot now = storage.snapshot(Read.any());
        Collection<StoredObject> schemas = now.under(PREFIX + "flowschemas/").values();
        Collection<StoredObject> levels =
                now.under(PREFIX + "prioritylevelconfigurations/").values();
        flows.follow(
                schemas.stream().map(FlowSchema::of).toList(),
                levels.stream().map(LevelRule::of).toList());
        var names = new HashSet<String>();
        levels.forEach(level -> names.add(level.name()));
        schemas.forEach(schema -> tell(schema, names));
    }

    /** Whether the schema's level is there, in its status. */
    private void tell(StoredObject stored, Set<String> levels) {
        ObjectNode schema = stored.tree();
        String level = Trees.text(schema, "spec", "priorityLevelConfiguration", "name");
        boolean dangling = !levels.contains(level);
        ArrayNode conditions = Trees.array(Trees.object(schema, "status"), "conditions");
        ObjectNode condition = null;
        for (ObjectNode some : Trees.objects(schema.path("status"), "conditions")) {
            if (some.path("type").asText().equals("Dangling")) {
                condition = some;
            }
        }
        String status = dangling ? "True" : "False";
        String message = "This FlowSchema references the PriorityLevelConfiguration object named \"" + level + "\" "
                + (dangling ? "but there is no such object" : "and it exists");
        if (condition == null) {
            condition = conditions.addObject().put("type", "Dangling");
        } else if (condition.path("status").asText().equals(status)
                && condition.path("message").asText().equals(message)) {
            return;
        }
        if (!condition.path("status").asText().equals(status)) {
            condition.put(
                    "lastTransitionTime",
                    clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        condition
                .put("status", status)
                .put("reason", dangling ? "NotFound" : "Found")
                .put("message", message);
        try {
            storage.update(stored.key(), stored.revision(), schema);
        } catch (RevisionMismatch e) {
            LOG.debug("{} has changed meanwhile: its next form is looked at", stored.key());
        } catch (RuntimeException e) {
            LOG.warn("the status of {} could not be written: {}", stored.key(), e.getMessage());
        }
    }

    /** Ends the thread, and waits for that a moment. */
    @Override
    public void close() {
        follower.close();
    }
}
