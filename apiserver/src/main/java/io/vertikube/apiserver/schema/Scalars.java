package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertikube.apiserver.schema.TypeChecker.WrongType;
import io.vertikube.value.Quantities;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.regex.Pattern;

/** Checks plain values and puts them into the form that Kubernetes writes. Pure functions. */
final class Scalars {

    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** What ISO 8601 allows beyond it is refused: letters in lower case, years of five digits, times without seconds. */
    private static final Pattern RFC_3339 =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");

    /** Days that every month has. */
    private static final int SHORTEST_MONTH = 28;

    private Scalars() {}

    static JsonNode intOrString(Schema schema, JsonNode value) throws WrongType {
        if (value.isTextual() || (value.isIntegralNumber() && value.canConvertToInt())) {
            return value;
        }
        throw TypeChecker.mismatch(schema, value);
    }

    static JsonNode integer(Schema schema, JsonNode value) throws WrongType {
        boolean fits = value.isIntegralNumber()
                && (schema.format().equals("int32") ? value.canConvertToInt() : value.canConvertToLong());
        if (!fits) {
            throw TypeChecker.mismatch(schema, value);
        }
        return value;
    }

    static JsonNode string(Schema schema, JsonNode value) throws WrongType {
        if (schema.format().equals("quantity") && (value.isNumber() || value.isTextual())) {
            return quantity(value);
        }
        if (!value.isTextual()) {
            throw TypeChecker.mismatch(schema, value);
        }
        return switch (schema.format()) {
            case "date-time" -> time(value, false);
            case "micro-time" -> time(value, true);
            case "byte" -> base64(value);
            default -> value;
        };
    }

    private static JsonNode quantity(JsonNode value) throws WrongType {
        String text = value.asText();
        String canonical;
        try {
            canonical = Quantities.canonical(text);
        } catch (IllegalArgumentException e) {
            throw new WrongType(String.valueOf(e.getMessage()));
        }
        return value.isTextual() && canonical.equals(text) ? value : JsonNodeFactory.instance.textNode(canonical);
    }

    private static JsonNode time(JsonNode value, boolean micros) throws WrongType {
        String text = value.textValue();
        if (isCanonical(text, micros)) {
            return value;
        }
        Instant instant;
        try {
            if (!RFC_3339.matcher(text).matches()) {
                throw new DateTimeException("not as RFC 3339 writes it");
            }
            instant = OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            throw new WrongType(
                    "parsing time \"" + text + "\" as \"2006-01-02T15:04:05Z07:00\" failed (field ",
                    "): write it as RFC 3339 does, such as 2006-01-02T15:04:05Z");
        }
        String canonical = micros
                ? MICROS.format(instant)
                : instant.truncatedTo(ChronoUnit.SECONDS).toString();
        return canonical.equals(text) ? value : JsonNodeFactory.instance.textNode(canonical);
    }

    /** Whether a text is a time in just the form that is stored, which most are. */
    private static boolean isCanonical(String text, boolean micros) {
        String form = micros ? "0000-00-00T00:00:00.000000Z" : "0000-00-00T00:00:00Z";
        if (text.length() != form.length()) {
            return false;
        }
        for (int i = 0; i < form.length(); i++) {
            char c = text.charAt(i);
            if (form.charAt(i) == '0' ? c < '0' || c > '9' : c != form.charAt(i)) {
                return false;
            }
        }
        int month = twoDigits(text, 5);
        return month >= 1
                && month <= 12
                && twoDigits(text, 8) >= 1
                && twoDigits(text, 8) <= SHORTEST_MONTH
                && twoDigits(text, 11) < 24
                && twoDigits(text, 14) < 60
                && twoDigits(text, 17) < 60;
    }

    private static int twoDigits(String text, int at) {
        return (text.charAt(at) - '0') * 10 + text.charAt(at + 1) - '0';
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The first byte that cannot be where it is, or the beginning of the last group of four if that is not whole. */
    private static int firstIllegal(String text) {
        int count = 0;
        int group = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r') {
                continue;
            }
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!letter && c != '+' && c != '/') {
                return i;
            }
            if (count++ % 4 == 0) {
                group = i;
            }
        }
        return group;
    }

    private static JsonNode base64(JsonNode value) throws WrongType {
        String text = value.textValue();
        boolean folded = text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
        String packed = folded ? text.replace("\n", "").replace("\r", "") : text;
        if (packed.length() % 4 != 0 || !isBase64(packed)) {
            throw new WrongType("illegal base64 data at input byte " + firstIllegal(text));
        }
        return folded ? JsonNodeFactory.instance.textNode(packed) : value;
    }
}
