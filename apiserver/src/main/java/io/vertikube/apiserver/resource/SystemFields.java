package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The parts of {@code metadata} that belong to the server ("ObjectMeta" in the API reference). Pure but for the tree it
 * is given.
 */
final class SystemFields {

    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX = 5;
    private static final int LONGEST_BASE = 63 - SUFFIX;
    private static final List<String> FROM_OLD =
            List.of("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds");

    private SystemFields() {}

    static ObjectNode metadata(ObjectNode object) {
        return Trees.object(object, "metadata");
    }

    /** A new object's identity. */
    static void forCreate(ObjectNode object, String namespace, Instant now, UUID uid) {
        ObjectNode metadata = metadata(object);
        metadata.put("uid", uid.toString());
        metadata.put("creationTimestamp", time(now));
        metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"));
        place(metadata, namespace);
    }

    /** What an update leaves out stays as it was; what it must not change is for validation to say. */
    static void forUpdate(ObjectNode object, ObjectNode old, String namespace) {
        ObjectNode metadata = metadata(object);
        ObjectNode before = metadata(old);
        for (String field : FROM_OLD) {
            if (Trees.absent(metadata, field) && before.has(field)) {
                metadata.set(field, before.get(field));
            }
        }
        if (before.has("generation")) {
            metadata.set("generation", before.get("generation"));
        } else {
            metadata.remove("generation");
        }
        metadata.remove("selfLink");
        place(metadata, namespace);
    }

    private static void place(ObjectNode metadata, String namespace) {
        if (namespace.isEmpty()) {
            metadata.remove("namespace");
        } else {
            metadata.put("namespace", namespace);
        }
    }

    /** A name that begins as asked and ends at random. */
    static String generate(String base, RandomGenerator random) {
        var name = new StringBuilder(base.length() > LONGEST_BASE ? base.substring(0, LONGEST_BASE) : base);
        for (int i = 0; i < SUFFIX; i++) {
            name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return name.toString();
    }

    /** A time as the API writes it. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String text(ObjectNode object, String field) {
        return object.path("metadata").path(field).asText("");
    }

    static boolean hasFinalizers(ObjectNode object) {
        return !object.path("metadata").path("finalizers").isEmpty();
    }

    /** Whether two trees say the same; numbers are compared by value. */
    static boolean same(JsonNode left, JsonNode right) {
        return left.equals(
                (a, b) -> a.isNumber() && b.isNumber()
                        ? a.decimalValue().compareTo(b.decimalValue())
                        : a.equals(b) ? 0 : 1,
                right);
    }
}
