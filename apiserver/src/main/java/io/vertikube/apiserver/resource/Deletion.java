package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.catalog.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a delete comes to ("Finalizers" and "Garbage Collection" in the documentation): the object goes now, it is marked
 * and waits for finalizers or for its grace period, or it is on its way already. Pure.
 */
sealed interface Deletion {

    /** It goes now; {@code last} is how it is shown for the last time. */
    record Remove(ObjectNode last) implements Deletion {}

    /** It is marked; somebody else lets it go later. */
    record Mark(ObjectNode marked) implements Deletion {}

    /** Nothing changes. */
    record Pending(ObjectNode object) implements Deletion {}

    String ORPHAN = "orphan";
    String FOREGROUND = "foregroundDeletion";

    /** What a grace period below zero is taken for, in seconds. */
    long LESS_THAN_NOTHING = 1;

    /**
     * Decides.
     *
     * @param object a tree of its own, which is changed
     * @param kindGrace the kind's own grace period; 0 if the object needs none
     */
    static Deletion plan(ResourceType type, ObjectNode object, DeleteOptions options, long kindGrace, Instant now) {
        ObjectNode metadata = SystemFields.metadata(object);
        boolean changed = finalizers(metadata, options.propagation());
        if (isNamespace(type)) {
            return namespace(object, metadata, changed, now);
        }
        boolean graceful = kindGrace > 0;
        long asked = options.gracePeriodSeconds().orElse(kindGrace);
        long grace = !graceful ? 0 : asked < 0 ? LESS_THAN_NOTHING : asked;
        boolean held = SystemFields.hasFinalizers(object);
        if (metadata.has("deletionTimestamp")) {
            long running = metadata.path("deletionGracePeriodSeconds").asLong(0);
            boolean shorter = graceful && options.gracePeriodSeconds().isPresent() && grace < running;
            boolean over = running == 0 || (!graceful && running > 0) || (shorter && grace == 0);
            if (over && !held) {
                return new Remove(marked(object, metadata, 0, now));
            }
            if (shorter || (!graceful && running > 0)) {
                return new Mark(shortened(object, metadata, running, grace));
            }
            return changed ? new Mark(object) : new Pending(object);
        }
        if (grace == 0 && !held) {
            return new Remove(graceful || isPod(type) ? marked(object, metadata, 0, now) : object);
        }
        if (metadata.path("generation").asLong(0) > 0) {
            metadata.put("generation", metadata.get("generation").asLong() + 1);
        }
        return new Mark(marked(object, metadata, grace, now));
    }

    /** Whether an update leaves an object that nothing holds any more. */
    static boolean isComplete(ResourceType type, ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        if (!metadata.has("deletionTimestamp") || SystemFields.hasFinalizers(object)) {
            return false;
        }
        return isNamespace(type)
                ? object.path("spec").path("finalizers").isEmpty()
                : metadata.path("deletionGracePeriodSeconds").asLong(0) == 0;
    }

    private static Deletion namespace(ObjectNode object, ObjectNode metadata, boolean changed, Instant now) {
        boolean held = SystemFields.hasFinalizers(object)
                || !object.path("spec").path("finalizers").isEmpty();
        if (!held) {
            return new Remove(object);
        }
        if (metadata.has("deletionTimestamp")) {
            return changed ? new Mark(object) : new Pending(object);
        }
        metadata.put("deletionTimestamp", SystemFields.time(now));
        Trees.object(object, "status").put("phase", "Terminating");
        return new Mark(object);
    }

    private static ObjectNode marked(ObjectNode object, ObjectNode metadata, long grace, Instant now) {
        if (!metadata.has("deletionTimestamp")) {
            metadata.put("deletionTimestamp", SystemFields.time(now.plusSeconds(grace)));
        }
        metadata.put("deletionGracePeriodSeconds", grace);
        return object;
    }

    /** The clock began when the first delete came, so a shorter period ends that much earlier. */
    private static ObjectNode shortened(ObjectNode object, ObjectNode metadata, long before, long grace) {
        Instant end = Instant.parse(metadata.path("deletionTimestamp").asText());
        metadata.put(
                "deletionTimestamp", SystemFields.time(end.minusSeconds(before).plusSeconds(grace)));
        metadata.put("deletionGracePeriodSeconds", grace);
        return object;
    }

    /** Puts the garbage collector's finalizers as the policy says; tells whether that changed anything. */
    private static boolean finalizers(ObjectNode metadata, String policy) {
        List<String> before = Trees.texts(metadata.path("finalizers"));
        List<String> after = new ArrayList<>(before);
        switch (policy) {
            case "Orphan" -> replace(after, FOREGROUND, ORPHAN);
            case "Foreground" -> replace(after, ORPHAN, FOREGROUND);
            case "Background" -> {
                after.remove(ORPHAN);
                after.remove(FOREGROUND);
            }
            default -> {}
        }
        if (after.equals(before)) {
            return false;
        }
        if (after.isEmpty()) {
            metadata.remove("finalizers");
        } else {
            ArrayNode list = metadata.putArray("finalizers");
            after.forEach(list::add);
        }
        return true;
    }

    private static void replace(List<String> finalizers, String gone, String wanted) {
        finalizers.remove(gone);
        if (!finalizers.contains(wanted)) {
            finalizers.add(wanted);
        }
    }

    private static boolean isNamespace(ResourceType type) {
        return type.group().isEmpty() && type.plural().equals("namespaces");
    }

    private static boolean isPod(ResourceType type) {
        return type.group().isEmpty() && type.plural().equals("pods");
    }
}
