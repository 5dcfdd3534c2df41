package io.vertikube.apiserver.cel;

import com.google.re2j.Matcher;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import io.vertikube.apiserver.format.Patterns;
import java.util.ArrayList;
import java.util.List;

/**
 * Functions on texts: those of the standard whose work grows with both arguments, so that it can be counted, Kubernetes'
 * {@code find} and {@code findAll}, and {@code format}. Patterns are RE2's. Pure functions.
 */
final class TextFunctions {

    private static final CelType TEXT = SimpleType.STRING;

    private TextFunctions() {}

    /** Functions that the standard declares already. */
    static List<Function> standard() {
        return List.of(
                Function.member("contains", "contains_string", SimpleType.BOOL, List.of(TEXT, TEXT), a -> {
                    String text = (String) a[0];
                    String part = (String) a[1];
                    Budget.spend((long) (text.length() / 10 + 1) * (part.length() / 10 + 1));
                    return text.contains(part);
                }),
                Function.member(
                        "matches",
                        "matches_string",
                        SimpleType.BOOL,
                        List.of(TEXT, TEXT),
                        a -> matcher(a).find()),
                Function.global(
                        "matches",
                        "matches",
                        SimpleType.BOOL,
                        List.of(TEXT, TEXT),
                        a -> matcher(a).find()));
    }

    static List<Function> kubernetes() {
        return List.of(
                Function.member("find", "string_find_string", TEXT, List.of(TEXT, TEXT), a -> {
                    Matcher matcher = matcher(a);
                    return matcher.find() ? matcher.group() : "";
                }),
                Function.member(
                        "findAll",
                        "string_find_all_string",
                        ListType.create(TEXT),
                        List.of(TEXT, TEXT),
                        a -> all(matcher(a), -1)),
                Function.member(
                        "findAll",
                        "string_find_all_string_int",
                        ListType.create(TEXT),
                        List.of(TEXT, TEXT, SimpleType.INT),
                        a -> all(matcher(a), (Long) a[2])),
                Function.member(
                        "format",
                        "string_format",
                        TEXT,
                        List.of(TEXT, ListType.create(SimpleType.DYN)),
                        a -> TextFormat.format((String) a[0], (List<?>) a[1])));
    }

    private static Matcher matcher(Object[] arguments) {
        String text = (String) arguments[0];
        String pattern = (String) arguments[1];
        Budget.spend((long) (text.length() / 10 + 1) * (pattern.length() / 4 + 1));
        try {
            return Patterns.compile(pattern).matcher(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("error parsing regexp: " + e.getMessage(), e);
        }
    }

    private static List<String> all(Matcher matcher, long most) {
        List<String> found = new ArrayList<>();
        while ((most < 0 || found.size() < most) && matcher.find()) {
            Budget.spend(1);
            found.add(matcher.group());
        }
        return found;
    }
}
