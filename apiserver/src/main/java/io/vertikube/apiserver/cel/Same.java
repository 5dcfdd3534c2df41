package io.vertikube.apiserver.cel;

import dev.cel.common.values.OptionalValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When values are equal and what the sum of lists is, with lists that are sets or maps ("x-kubernetes-list-type" in the
 * documentation of validation rules): their order does not count, and a sum holds nothing twice. Pure functions.
 */
final class Same {

    private Same() {}

    static boolean equal(@Nullable Object left, @Nullable Object right) {
        Budget.spend(1);
        return switch (left) {
            case String text -> {
                Budget.traverse(text);
                yield text.equals(right);
            }
            case Number number -> right instanceof Number other && numbersEqual(number, other);
            case List<?> list -> right instanceof List<?> other && listsEqual(list, other);
            case Map<?, ?> map -> right instanceof Map<?, ?> other && mapsEqual(map, other);
            case OptionalValue<?, ?> optional ->
                right instanceof OptionalValue<?, ?> other
                        && optional.isZeroValue() == other.isZeroValue()
                        && (optional.isZeroValue() || equal(optional.value(), other.value()));
            case null -> right == null;
            default -> left.equals(right);
        };
    }

    private static boolean numbersEqual(Number left, Number right) {
        if (left instanceof java.math.BigDecimal exact && right instanceof java.math.BigDecimal other) {
            return exact.compareTo(other) == 0;
        }
        if (left.getClass() == right.getClass()) {
            return left instanceof Double number ? number.doubleValue() == right.doubleValue() : left.equals(right);
        }
        if (left instanceof Double || right instanceof Double) {
            return left.doubleValue() == right.doubleValue();
        }
        return left.longValue() == right.longValue() && left.longValue() >= 0;
    }

    private static boolean listsEqual(List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        if (isSet(left) || isSet(right)) {
            return identities(left).equals(identities(right));
        }
        Values.@Nullable Items keyed = keyed(left, right);
        if (keyed != null && keyed.schema != null) {
            Map<Object, Object> items = byKeys(right, keyed.schema.listKeys);
            for (Object item : left) {
                if (!equal(item, items.get(identity(Values.keys(item, keyed.schema.listKeys))))) {
                    return false;
                }
            }
            return true;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!equal(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean mapsEqual(Map<?, ?> left, Map<?, ?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : left.entrySet()) {
            if (!right.containsKey(entry.getKey()) || !equal(entry.getValue(), right.get(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /** The sum of two lists; of sets and maps it is one of that kind, in the order of the left one. */
    static List<Object> sum(List<?> left, List<?> right) {
        Budget.spend((left.size() + right.size()) / 10);
        if (isSet(left)) {
            Map<Object, Object> items = new LinkedHashMap<>();
            left.forEach(item -> items.putIfAbsent(identity(item), item));
            right.forEach(item -> items.putIfAbsent(identity(item), item));
            return new ArrayList<>(items.values());
        }
        if (left instanceof Values.Items items && items.isMap() && items.schema != null) {
            Map<Object, Object> merged = byKeys(left, items.schema.listKeys);
            merged.putAll(byKeys(right, items.schema.listKeys));
            return new ArrayList<>(merged.values());
        }
        List<Object> sum = new ArrayList<>(left.size() + right.size());
        sum.addAll(left);
        sum.addAll(right);
        return sum;
    }

    static boolean contains(List<?> list, Object value) {
        for (Object item : list) {
            if (equal(item, value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSet(List<?> list) {
        return list instanceof Values.Items items && items.isSet();
    }

    private static Values.@Nullable Items keyed(List<?> left, List<?> right) {
        if (left instanceof Values.Items items && items.isMap()) {
            return items;
        }
        return right instanceof Values.Items items && items.isMap() ? items : null;
    }

    private static Map<Object, Object> byKeys(List<?> list, List<String> keys) {
        Map<Object, Object> items = new LinkedHashMap<>();
        list.forEach(item -> items.put(identity(Values.keys(item, keys)), item));
        return items;
    }

    private static Set<Object> identities(List<?> list) {
        Set<Object> identities = new HashSet<>();
        list.forEach(item -> identities.add(identity(item)));
        return identities;
    }

    /** A key that equal values share. */
    private static Object identity(Object value) {
        Budget.spend(1);
        return switch (value) {
            case Double number when number == Math.rint(number) && Math.abs(number) < 1e18 -> number.longValue();
            case List<?> list -> list.stream().map(Same::identity).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> identities = new HashMap<>();
                map.forEach((key, field) -> identities.put(key, identity(field)));
                yield identities;
            }
            default -> value;
        };
    }
}
