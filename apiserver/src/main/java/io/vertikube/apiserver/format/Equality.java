package io.vertikube.apiserver.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether trees are the same; numbers count by their value. Pure functions. */
public final class Equality {

    private Equality() {}

    public static boolean equal(@Nullable JsonNode left, @Nullable JsonNode right) {
        if (left == null || right == null) {
            return left == null && right == null;
        }
        if (left.isObject() && right.isObject()) {
            return left.size() == right.size() && fieldsEqual(left, right);
        }
        if (left.isArray() && right.isArray()) {
            boolean equal = left.size() == right.size();
            for (int i = 0; equal && i < left.size(); i++) {
                equal = equal(left.get(i), right.get(i));
            }
            return equal;
        }
        if (left.isNumber() && right.isNumber()) {
            return (left.isIntegralNumber() && right.isIntegralNumber())
                    ? left.bigIntegerValue().equals(right.bigIntegerValue())
                    : left.doubleValue() == right.doubleValue();
        }
        return left.equals(right);
    }

    private static boolean fieldsEqual(JsonNode left, JsonNode right) {
        for (Map.Entry<String, JsonNode> field : left.properties()) {
            if (!equal(field.getValue(), right.get(field.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /** A key that equal values share; unequal ones have different keys. */
    public static Object identity(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.bigIntegerValue();
        }
        if (value.isNumber()) {
            double number = value.doubleValue();
            return number == Math.rint(number) && Math.abs(number) < 1e18
                    ? java.math.BigInteger.valueOf((long) number)
                    : Double.valueOf(number);
        }
        if (value.isArray()) {
            return value.valueStream().map(Equality::identity).toList();
        }
        return value.isObject()
                ? value.propertyStream()
                        .collect(java.util.stream.Collectors.toMap(
                                Map.Entry::getKey, e -> identity(e.getValue()), (a, b) -> b))
                : value;
    }

    /** The values of an item's keys, one after the other; {@code null} where the item lacks one. */
    public static List<Object> keys(JsonNode item, List<String> fields) {
        return fields.stream().map(field -> identity(item.path(field))).toList();
    }
}
