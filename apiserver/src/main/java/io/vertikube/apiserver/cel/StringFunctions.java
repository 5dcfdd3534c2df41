package io.vertikube.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.List;

/**
 * The functions of the strings extension whose results or work can be much larger than what they are given, so that they
 * are counted before they are done. Positions are in code points. Pure functions.
 */
final class StringFunctions {

    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType TEXTS = ListType.create(TEXT);
    private static final CelType INT = SimpleType.INT;

    private StringFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.member(
                        "replace",
                        "string_replace_string_string",
                        TEXT,
                        List.of(TEXT, TEXT, TEXT),
                        a -> replace((String) a[0], (String) a[1], (String) a[2], -1)),
                Function.member(
                        "replace",
                        "string_replace_string_string_int",
                        TEXT,
                        List.of(TEXT, TEXT, TEXT, INT),
                        a -> replace((String) a[0], (String) a[1], (String) a[2], (Long) a[3])),
                Function.member(
                        "split",
                        "string_split_string",
                        TEXTS,
                        List.of(TEXT, TEXT),
                        a -> split((String) a[0], (String) a[1], -1)),
                Function.member(
                        "split",
                        "string_split_string_int",
                        TEXTS,
                        List.of(TEXT, TEXT, INT),
                        a -> split((String) a[0], (String) a[1], (Long) a[2])),
                Function.member("join", "list_join", TEXT, List.of(TEXTS), a -> join((List<?>) a[0], "")),
                Function.member(
                        "join",
                        "list_join_string",
                        TEXT,
                        List.of(TEXTS, TEXT),
                        a -> join((List<?>) a[0], (String) a[1])),
                Function.member(
                        "indexOf",
                        "string_index_of_string",
                        INT,
                        List.of(TEXT, TEXT),
                        a -> first((String) a[0], (String) a[1], 0)),
                Function.member(
                        "indexOf",
                        "string_index_of_string_int",
                        INT,
                        List.of(TEXT, TEXT, INT),
                        a -> first((String) a[0], (String) a[1], offset((String) a[0], (Long) a[2]))),
                Function.member(
                        "lastIndexOf",
                        "string_last_index_of_string",
                        INT,
                        List.of(TEXT, TEXT),
                        a -> last((String) a[0], (String) a[1], ((String) a[0]).length())),
                Function.member(
                        "lastIndexOf",
                        "string_last_index_of_string_int",
                        INT,
                        List.of(TEXT, TEXT, INT),
                        a -> last((String) a[0], (String) a[1], offset((String) a[0], (Long) a[2]))));
    }

    /** What looking for one text in another can take. */
    private static void search(String text, String part) {
        Budget.spend((long) (text.length() / 10 + 1) * (part.length() / 10 + 1));
    }

    private static int offset(String text, long position) {
        if (position < 0 || position > text.length()) {
            throw new IllegalArgumentException("index out of range: " + position);
        }
        try {
            return text.offsetByCodePoints(0, (int) position);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("index out of range: " + position, e);
        }
    }

    private static long first(String text, String part, int from) {
        search(text, part);
        int found = text.indexOf(part, from);
        return found < 0 ? -1 : text.codePointCount(0, found);
    }

    private static long last(String text, String part, int from) {
        search(text, part);
        int found = text.lastIndexOf(part, from);
        return found < 0 ? -1 : text.codePointCount(0, found);
    }

    private static String replace(String text, String part, String with, long most) {
        search(text, part);
        var replaced = new StringBuilder();
        int at = 0;
        long times = 0;
        while (most < 0 || times < most) {
            int found = part.isEmpty() && times > 0 ? next(text, at) : text.indexOf(part, at);
            if (found < 0) {
                break;
            }
            Budget.spend(1 + with.length() / 10);
            replaced.append(text, at, found).append(with);
            at = found + part.length();
            times++;
        }
        return replaced.append(text, at, text.length()).toString();
    }

    /** Behind the next code point; -1 behind the last. */
    private static int next(String text, int at) {
        return at >= text.length() ? -1 : text.offsetByCodePoints(at, 1);
    }

    private static List<String> split(String text, String separator, long most) {
        search(text, separator);
        List<String> parts = new ArrayList<>();
        if (most == 0) {
            return parts;
        }
        int at = 0;
        while (most < 0 || parts.size() < most - 1) {
            int found = separator.isEmpty() ? next(text, at) : text.indexOf(separator, at);
            if (found < 0 || (separator.isEmpty() && found >= text.length())) {
                break;
            }
            Budget.spend(1);
            parts.add(text.substring(at, found));
            at = found + separator.length();
        }
        parts.add(text.substring(at));
        return parts;
    }

    private static String join(List<?> parts, String separator) {
        var joined = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            if (!(parts.get(i) instanceof String part)) {
                throw new IllegalArgumentException("no such overload: join of a list of other than texts");
            }
            Budget.spend(1 + (part.length() + separator.length()) / 10);
            joined.append(i == 0 ? "" : separator).append(part);
        }
        return joined.toString();
    }
}
