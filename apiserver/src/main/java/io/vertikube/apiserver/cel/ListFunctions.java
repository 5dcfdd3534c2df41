package io.vertikube.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.common.values.CelByteString;
import java.time.Duration;
import java.util.List;

/** Kubernetes' functions on lists and the sets extension ("Kubernetes list library" in the documentation). Pure functions. */
final class ListFunctions {

    private static final CelType T = TypeParamType.create("T");
    private static final CelType LIST = ListType.create(T);

    private ListFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.member(
                        "isSorted", "list_is_sorted", SimpleType.BOOL, List.of(LIST), a -> isSorted((List<?>) a[0])),
                Function.member("sum", "list_sum", T, List.of(LIST), a -> sum((List<?>) a[0])),
                Function.member("min", "list_min", T, List.of(LIST), a -> extreme((List<?>) a[0], -1, "min")),
                Function.member("max", "list_max", T, List.of(LIST), a -> extreme((List<?>) a[0], 1, "max")),
                Function.member(
                        "indexOf", "list_index_of", SimpleType.INT, List.of(LIST, T), a -> first((List<?>) a[0], a[1])),
                Function.member(
                        "lastIndexOf",
                        "list_last_index_of",
                        SimpleType.INT,
                        List.of(LIST, T),
                        a -> last((List<?>) a[0], a[1])),
                Function.global(
                        "sets.contains",
                        "list_sets_contains_list",
                        SimpleType.BOOL,
                        List.of(LIST, LIST),
                        a -> containsAll((List<?>) a[0], (List<?>) a[1])),
                Function.global(
                        "sets.equivalent",
                        "list_sets_equivalent_list",
                        SimpleType.BOOL,
                        List.of(LIST, LIST),
                        a -> containsAll((List<?>) a[0], (List<?>) a[1])
                                && containsAll((List<?>) a[1], (List<?>) a[0])),
                Function.global(
                        "sets.intersects",
                        "list_sets_intersects_list",
                        SimpleType.BOOL,
                        List.of(LIST, LIST),
                        a -> ((List<?>) a[0]).stream().anyMatch(item -> Same.contains((List<?>) a[1], item))));
    }

    private static boolean containsAll(List<?> list, List<?> items) {
        for (Object item : items) {
            if (!Same.contains(list, item)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object extreme(List<?> list, int sign, String name) {
        if (list.isEmpty()) {
            throw new IllegalArgumentException(name + " called on empty list");
        }
        Object found = list.getFirst();
        for (Object item : list) {
            found = Integer.signum(compare(item, found)) == sign ? item : found;
        }
        return found;
    }

    private static Object sum(List<?> list) {
        Object sum = list.isEmpty() || list.getFirst() instanceof Long ? (Object) 0L : zero(list.getFirst());
        for (Object item : list) {
            Budget.spend(1);
            sum = plus(sum, item);
        }
        return sum;
    }

    private static Object plus(Object sum, Object item) {
        return switch (item) {
            case Long number when sum instanceof Long before -> Math.addExact(before, number);
            case Double number when sum instanceof Double before -> before + number;
            case Duration length when sum instanceof Duration before -> before.plus(length);
            default -> throw new IllegalArgumentException("no such overload: sum of a list of other than numbers");
        };
    }

    private static Object zero(Object first) {
        return first instanceof Duration ? Duration.ZERO : (Object) 0.0;
    }

    private static long first(List<?> list, Object value) {
        for (int i = 0; i < list.size(); i++) {
            if (Same.equal(list.get(i), value)) {
                return i;
            }
        }
        return -1;
    }

    private static long last(List<?> list, Object value) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (Same.equal(list.get(i), value)) {
                return i;
            }
        }
        return -1;
    }

    private static int compare(Object left, Object right) {
        Budget.spend(1);
        return switch (left) {
            case Long number when right instanceof Long other -> number.compareTo(other);
            case Number number
            when right instanceof Number other -> Double.compare(number.doubleValue(), other.doubleValue());
            case String text
            when right instanceof String other -> {
                Budget.traverse(text);
                yield text.compareTo(other);
            }
            case Boolean bool when right instanceof Boolean other -> bool.compareTo(other);
            case Duration length when right instanceof Duration other -> length.compareTo(other);
            case java.time.Instant time when right instanceof java.time.Instant other -> time.compareTo(other);
            case CelByteString bytes
            when right instanceof CelByteString other ->
                CelByteString.unsignedLexicographicalComparator().compare(bytes, other);
            default -> throw new IllegalArgumentException("no such overload: values that have no order");
        };
    }
}
