package io.vertikube.apiserver.resource.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Metrics in the form that annotations of {@code autoscaling/v1} hold ("MetricSpec" and "MetricStatus" of v1): names and
 * targets are fields of the source itself. Pure.
 */
final class AutoscalerMetrics {

    private AutoscalerMetrics() {}

    /** A metric of v2 in the old form. */
    static ObjectNode flat(JsonNode metric) {
        ObjectNode flat = Trees.newObject();
        metric.properties().forEach(field -> {
            if (field.getValue().isObject()) {
                flat.set(field.getKey(), flatSource(field.getKey(), field.getValue()));
            } else {
                flat.set(field.getKey(), field.getValue());
            }
        });
        return flat;
    }

    private static ObjectNode flatSource(String kind, JsonNode source) {
        boolean resource = kind.equals("resource") || kind.equals("containerResource");
        boolean object = kind.equals("object");
        ObjectNode flat = Trees.newObject();
        source.properties().forEach(field -> {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "metric" -> {
                    move(value, "name", flat, "metricName");
                    move(value, "selector", flat, kind.equals("external") ? "metricSelector" : "selector");
                }
                case "target" -> {
                    move(value, "averageUtilization", flat, "targetAverageUtilization");
                    move(value, "averageValue", flat, object ? "averageValue" : "targetAverageValue");
                    move(value, "value", flat, "targetValue");
                }
                case "current" -> {
                    move(value, "averageUtilization", flat, "currentAverageUtilization");
                    move(value, "averageValue", flat, object ? "averageValue" : "currentAverageValue");
                    move(value, "value", flat, "currentValue");
                }
                case "describedObject" -> flat.set("target", value);
                default -> flat.set(field.getKey(), value);
            }
        });
        // The old form of a resource always told its absolute value where the status has one.
        return resource && flat.isEmpty() ? Trees.newObject() : flat;
    }

    private static void move(JsonNode from, String field, ObjectNode to, String name) {
        if (from.has(field)) {
            to.set(name, from.get(field));
        }
    }

    /** The way back; {@code numbers} is {@code target} for what is wanted, {@code current} for what is. */
    static ObjectNode nested(JsonNode flat, String numbers) {
        ObjectNode metric = Trees.newObject();
        flat.properties().forEach(field -> {
            if (field.getValue().isObject()) {
                metric.set(field.getKey(), nestedSource(field.getKey(), field.getValue(), numbers));
            } else {
                metric.set(field.getKey(), field.getValue());
            }
        });
        return metric;
    }

    private static ObjectNode nestedSource(String kind, JsonNode flat, String numbers) {
        ObjectNode source = Trees.newObject();
        ObjectNode values = Trees.newObject();
        flat.properties().forEach(field -> {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "metricName" -> Trees.object(source, "metric").set("name", value);
                case "selector", "metricSelector" ->
                    Trees.object(source, "metric").set("selector", value);
                case "targetAverageUtilization", "currentAverageUtilization" -> values.set("averageUtilization", value);
                case "targetAverageValue", "currentAverageValue", "averageValue" -> values.set("averageValue", value);
                case "targetValue", "currentValue" -> values.set("value", value);
                case "target" -> source.set(kind.equals("object") ? "describedObject" : "target", value);
                default -> source.set(field.getKey(), value);
            }
        });
        if (numbers.equals("target")) {
            String type = values.has("averageUtilization")
                    ? "Utilization"
                    : values.has("averageValue") ? "AverageValue" : "Value";
            values.put("type", type);
        }
        source.set(numbers, values);
        return source;
    }

    /** Names of fields as the annotation for behavior spells them: {@code ScaleUp}. */
    static JsonNode capitals(JsonNode tree) {
        return renamed(tree, name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
    }

    static JsonNode smallLetters(JsonNode tree) {
        return renamed(tree, name -> name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1));
    }

    private static JsonNode renamed(JsonNode tree, UnaryOperator<String> name) {
        if (tree instanceof ObjectNode object) {
            ObjectNode other = object.objectNode();
            object.properties().forEach(f -> {
                if (!f.getKey().isEmpty()) {
                    other.set(name.apply(f.getKey()), renamed(f.getValue(), name));
                }
            });
            return other;
        }
        if (tree instanceof ArrayNode array) {
            ArrayNode other = array.arrayNode();
            array.forEach(item -> other.add(renamed(item, name)));
            return other;
        }
        return tree;
    }
}
