package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import java.util.Set;

/**
 * What an object of a built-in kind holds before anybody has written a field: its parts that are always there. A creator
 * manages what differs from this, so {@code spec} itself belongs to nobody. Custom resources begin with nothing. Safe for
 * any thread.
 */
public final class EmptyObject {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Fields that are always there although they need not be given; by name, or by type and name. */
    private static final Set<String> ALWAYS_THERE = Set.of(
            "metadata",
            "spec",
            "status",
            "apps.v1.DaemonSetSpec.updateStrategy",
            "apps.v1.DeploymentSpec.strategy",
            "apps.v1.ReplicaSetSpec.template",
            "apps.v1.StatefulSetSpec.updateStrategy",
            "core.v1.Event.source",
            "core.v1.PersistentVolumeClaimSpec.resources",
            "core.v1.PodTemplate.template",
            "core.v1.ServiceStatus.loadBalancer",
            "events.v1.Event.deprecatedSource",
            "events.v1.Event.regarding",
            "networking.v1.IngressStatus.loadBalancer");

    private EmptyObject() {}

    /** Whether it is more than nothing, so that it pays to keep it. */
    public static boolean isKnown(Schema schema) {
        return schema.definition().startsWith("io.k8s.");
    }

    public static ObjectNode of(Schema schema) {
        return isKnown(schema) ? object(schema) : JSON.objectNode();
    }

    private static ObjectNode object(Schema schema) {
        ObjectNode object = JSON.objectNode();
        String type = schema.definition().replaceFirst("^io\\.k8s\\.api\\.", "");
        schema.properties().forEach((name, field) -> {
            boolean required = schema.required().contains(name);
            if (required || ALWAYS_THERE.contains(name) || ALWAYS_THERE.contains(type + "." + name)) {
                object.set(name, value(field));
            }
        });
        if (schema.properties().containsKey("creationTimestamp")) {
            object.putNull("creationTimestamp");
        }
        return object;
    }

    private static JsonNode value(Schema field) {
        boolean struct =
                field.type() == Schema.Type.OBJECT && !field.properties().isEmpty();
        if (struct && field.mapType() == Schema.MapType.GRANULAR) {
            return object(field);
        }
        return switch (field.type()) {
            case STRING -> JSON.textNode("");
            case INTEGER, NUMBER -> JSON.numberNode(0);
            case BOOLEAN -> JSON.booleanNode(false);
            case OBJECT, ARRAY, ANY -> JSON.nullNode();
        };
    }
}
