package io.vertikube.apiserver.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import io.vertikube.apiserver.schema.Schema;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Field plans, made once for each message and type. Safe for any thread. */
final class FieldPlans {

    private record Pair(String message, String definition) {}

    private final Map<Pair, FieldPlan> known = new ConcurrentHashMap<>();

    FieldPlan of(Descriptor message, Schema schema) {
        return known.computeIfAbsent(
                new Pair(message.getFullName(), schema.definition()), pair -> FieldPlan.of(message, schema));
    }
}
