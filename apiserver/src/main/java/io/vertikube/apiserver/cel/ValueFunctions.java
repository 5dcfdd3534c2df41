package io.vertikube.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import io.vertikube.apiserver.format.Formats;
import io.vertikube.value.Names;
import io.vertikube.value.Quantities;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Kubernetes' functions on quantities, versions and named formats. Pure functions. */
final class ValueFunctions {

    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType BOOL = SimpleType.BOOL;
    private static final CelType INT = SimpleType.INT;

    /** Formats by the names of their functions; the value is the name that {@code format.named} takes. */
    private static final Map<String, java.util.function.Function<String, List<String>>> FORMATS = Map.ofEntries(
            Map.entry("dns1123Label", io.vertikube.value.Names::dnsLabel),
            Map.entry("dns1123Subdomain", io.vertikube.value.Names::dnsSubdomain),
            Map.entry("dns1035Label", io.vertikube.value.Names::dns1035),
            Map.entry("qualifiedName", io.vertikube.value.Names::qualifiedName),
            Map.entry("dns1123LabelPrefix", text -> Names.dnsLabel(unprefixed(text))),
            Map.entry("dns1123SubdomainPrefix", text -> Names.dnsSubdomain(unprefixed(text))),
            Map.entry("dns1035LabelPrefix", text -> Names.dns1035(unprefixed(text))),
            Map.entry("labelValue", io.vertikube.value.Names::labelValue),
            Map.entry("uri", text -> known("uri", text)),
            Map.entry("uuid", text -> known("uuid", text)),
            Map.entry("byte", text -> known("byte", text)),
            Map.entry("date", text -> known("date", text)),
            Map.entry("datetime", text -> known("datetime", text)));

    private ValueFunctions() {}

    static List<Function> all() {
        List<Function> all = new ArrayList<>(quantities());
        all.addAll(versions());
        all.addAll(formats());
        return all;
    }

    private static List<Function> quantities() {
        CelType q = Types.QUANTITY;
        return List.of(
                Function.global("quantity", "string_to_quantity", q, List.of(TEXT), a -> quantity((String) a[0])),
                Function.global(
                        "isQuantity", "is_quantity", BOOL, List.of(TEXT), a -> Quantities.isQuantity((String) a[0])),
                Function.member("sign", "quantity_sign", INT, List.of(q), a -> (long) ((BigDecimal) a[0]).signum()),
                Function.member("isInteger", "quantity_is_integer", BOOL, List.of(q), a -> isLong((BigDecimal) a[0])),
                Function.member("asInteger", "quantity_as_integer", INT, List.of(q), a -> {
                    if (!isLong((BigDecimal) a[0])) {
                        throw new IllegalArgumentException("cannot convert value to integer");
                    }
                    return ((BigDecimal) a[0]).longValueExact();
                }),
                Function.member(
                        "asApproximateFloat",
                        "quantity_as_float",
                        SimpleType.DOUBLE,
                        List.of(q),
                        a -> ((BigDecimal) a[0]).doubleValue()),
                arithmetic("add", BigDecimal::add),
                arithmetic("sub", BigDecimal::subtract),
                Function.member(
                        "add",
                        "quantity_add_int",
                        q,
                        List.of(q, INT),
                        a -> ((BigDecimal) a[0]).add(BigDecimal.valueOf((Long) a[1]))),
                Function.member(
                        "sub",
                        "quantity_sub_int",
                        q,
                        List.of(q, INT),
                        a -> ((BigDecimal) a[0]).subtract(BigDecimal.valueOf((Long) a[1]))),
                Function.member("isGreaterThan", "quantity_is_greater_than", BOOL, List.of(q, q), a -> compare(a) > 0),
                Function.member("isLessThan", "quantity_is_less_than", BOOL, List.of(q, q), a -> compare(a) < 0),
                Function.member("compareTo", "quantity_compare_to", INT, List.of(q, q), a -> (long) compare(a)));
    }

    private static Function arithmetic(String name, BiFunction<BigDecimal, BigDecimal, BigDecimal> body) {
        CelType q = Types.QUANTITY;
        return Function.member(
                name, "quantity_" + name, q, List.of(q, q), a -> body.apply((BigDecimal) a[0], (BigDecimal) a[1]));
    }

    private static BigDecimal quantity(String text) {
        return Quantities.parse(text);
    }

    private static boolean isLong(BigDecimal value) {
        return value.stripTrailingZeros().scale() <= 0
                && value.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
    }

    private static int compare(Object[] quantities) {
        return ((BigDecimal) quantities[0]).compareTo((BigDecimal) quantities[1]);
    }

    private static List<Function> versions() {
        CelType v = Types.SEMVER;
        return List.of(
                Function.global("semver", "string_to_semver", v, List.of(TEXT), a -> semver((String) a[0], false)),
                Function.global(
                        "semver",
                        "string_bool_to_semver",
                        v,
                        List.of(TEXT, BOOL),
                        a -> semver((String) a[0], (Boolean) a[1])),
                Function.global(
                        "isSemver",
                        "is_semver",
                        BOOL,
                        List.of(TEXT),
                        a -> Semver.parse((String) a[0]).isPresent()),
                Function.global(
                        "isSemver",
                        "is_semver_bool",
                        BOOL,
                        List.of(TEXT, BOOL),
                        a -> version((String) a[0], (Boolean) a[1]).isPresent()),
                Function.member("major", "semver_major", INT, List.of(v), a -> ((Semver) a[0]).major()),
                Function.member("minor", "semver_minor", INT, List.of(v), a -> ((Semver) a[0]).minor()),
                Function.member("patch", "semver_patch", INT, List.of(v), a -> ((Semver) a[0]).patch()),
                Function.member("isGreaterThan", "semver_is_greater_than", BOOL, List.of(v, v), a -> order(a) > 0),
                Function.member("isLessThan", "semver_is_less_than", BOOL, List.of(v, v), a -> order(a) < 0),
                Function.member("compareTo", "semver_compare_to", INT, List.of(v, v), a -> (long) order(a)));
    }

    private static int order(Object[] versions) {
        return ((Semver) versions[0]).compareTo((Semver) versions[1]);
    }

    private static Optional<Semver> version(String text, boolean loosely) {
        return loosely ? Semver.parseLoosely(text) : Semver.parse(text);
    }

    private static Semver semver(String text, boolean loosely) {
        return version(text, loosely)
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is no semantic version"));
    }

    private static List<Function> formats() {
        List<Function> formats = new ArrayList<>();
        for (String name : FORMATS.keySet()) {
            formats.add(Function.global(
                    "format." + name, "format_" + name, Types.FORMAT, List.of(), a -> new Types.NamedFormat(name)));
        }
        formats.add(Function.global(
                "format.named",
                "format_named",
                OptionalType.create(Types.FORMAT),
                List.of(TEXT),
                a -> FORMATS.containsKey((String) a[0])
                        ? Optional.of(new Types.NamedFormat((String) a[0]))
                        : Optional.empty()));
        formats.add(Function.member(
                "validate",
                "format_validate",
                OptionalType.create(ListType.create(TEXT)),
                List.of(Types.FORMAT, TEXT),
                a -> validate(((Types.NamedFormat) a[0]).name(), (String) a[1])));
        return formats;
    }

    private static Optional<List<String>> validate(String format, String text) {
        Budget.traverse(text);
        List<String> wrong = Optional.ofNullable(FORMATS.get(format))
                .map(check -> check.apply(text))
                .orElse(List.of());
        return wrong.isEmpty() ? Optional.empty() : Optional.of(wrong);
    }

    private static List<String> known(String format, String text) {
        return Formats.matches(format, text)
                ? List.of()
                : List.of("must be a valid " + format.toLowerCase(Locale.ROOT));
    }

    private static String unprefixed(String text) {
        return text.endsWith("-") ? text.substring(0, text.length() - 1) : text;
    }
}
