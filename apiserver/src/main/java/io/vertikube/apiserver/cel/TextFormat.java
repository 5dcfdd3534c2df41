package io.vertikube.apiserver.cel;

import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code "%s of %d".format([a, b])}: the clauses s, d, f, e, b, o, x, X and %%. Pure functions. */
final class TextFormat {

    private static final int MAX_PRECISION = 100;

    private TextFormat() {}

    static String format(String template, List<?> arguments) {
        var text = new StringBuilder();
        int next = 0;
        int at = 0;
        while (at < template.length()) {
            char c = template.charAt(at++);
            if (c != '%') {
                text.append(c);
                continue;
            }
            int precision = 6;
            if (at < template.length() && template.charAt(at) == '.') {
                int end = ++at;
                while (end < template.length() && Character.isDigit(template.charAt(end)) && end - at < 4) {
                    end++;
                }
                precision = end == at ? 0 : Integer.parseInt(template.substring(at, end));
                at = end;
            }
            if (at >= template.length() || precision > MAX_PRECISION) {
                throw new IllegalArgumentException("unexpected end of format string");
            }
            char clause = template.charAt(at++);
            if (clause == '%') {
                text.append('%');
                continue;
            }
            if (next >= arguments.size()) {
                throw new IllegalArgumentException("index " + next + " out of range");
            }
            String part = clause(clause, arguments.get(next++), precision);
            Budget.traverse(part);
            text.append(part);
        }
        return text.toString();
    }

    private static String clause(char clause, Object value, int precision) {
        return switch (clause) {
            case 's' -> show(value);
            case 'd' ->
                value instanceof Long ? value.toString() : number(value, clause).toPlainString();
            case 'f' ->
                number(value, clause)
                        .setScale(precision, RoundingMode.HALF_EVEN)
                        .toPlainString();
            case 'e' ->
                String.format(
                        Locale.ROOT,
                        "%." + precision + "e",
                        number(value, clause).doubleValue());
            case 'b' -> value instanceof Boolean bool ? (bool ? "1" : "0") : Long.toBinaryString(whole(value, clause));
            case 'o' -> Long.toOctalString(whole(value, clause));
            case 'x' -> hex(value, clause);
            case 'X' -> hex(value, clause).toUpperCase(Locale.ROOT);
            default -> throw new IllegalArgumentException("unrecognized formatting clause \"" + clause + "\"");
        };
    }

    private static String hex(Object value, char clause) {
        return switch (value) {
            case String text -> HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case CelByteString bytes -> HexFormat.of().formatHex(bytes.toByteArray());
            default -> Long.toHexString(whole(value, clause));
        };
    }

    private static long whole(Object value, char clause) {
        if (value instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("only integers can be formatted with %" + clause);
    }

    private static BigDecimal number(Object value, char clause) {
        return switch (value) {
            case Long number -> BigDecimal.valueOf(number);
            case Double number when Double.isFinite(number) -> BigDecimal.valueOf(number);
            default -> throw new IllegalArgumentException("only numbers can be formatted with %" + clause);
        };
    }

    private static String show(Object value) {
        Budget.spend(1);
        return switch (value) {
            case String text -> text;
            case Double number
            when number == Math.rint(number) && Math.abs(number) < 1e15 -> Long.toString(number.longValue());
            case NullValue nothing -> "null";
            case CelByteString bytes -> bytes.toStringUtf8();
            case Duration length ->
                BigDecimal.valueOf(length.getSeconds())
                                .add(BigDecimal.valueOf(length.getNano(), 9))
                                .stripTrailingZeros()
                                .toPlainString()
                        + "s";
            case List<?> list -> list.stream().map(TextFormat::show).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(e -> show(e.getKey()) + ": " + show(e.getValue()))
                        .sorted()
                        .collect(Collectors.joining(", ", "{", "}"));
            default -> value.toString();
        };
    }
}
