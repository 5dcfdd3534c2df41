package io.vertikube.apiserver.format;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Regular expressions of strangers: RE2's, whose time grows with the text alone, and bounded in what they take to compile,
 * since repeats multiply ({@code (a{1000}){1000}}). Pure functions.
 */
public final class Patterns {

    private static final int MAX_LENGTH = 20_000;
    private static final int MAX_DEPTH = 200;
    private static final long MAX_SIZE = 20_000;

    private Patterns() {}

    /** @throws PatternSyntaxException if it is none, or too large */
    public static Pattern compile(String pattern) {
        if (pattern.length() > MAX_LENGTH || size(pattern) > MAX_SIZE) {
            throw new PatternSyntaxException(
                    "expression too large", pattern.substring(0, Math.min(80, pattern.length())));
        }
        return Pattern.compile(pattern);
    }

    /** About how many instructions it comes to; more than any limit if it is nested too deeply. */
    private static long size(String pattern) {
        long[] totals = new long[MAX_DEPTH + 1];
        int depth = 0;
        long last = 0;
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            long repeat = c == '{' ? repeat(pattern, at) : 0;
            if (repeat > 0) {
                totals[depth] += last * (repeat - 1);
                last *= repeat;
                at = pattern.indexOf('}', at) + 1;
            } else if (c == '(') {
                depth++;
                if (depth > MAX_DEPTH) {
                    return Long.MAX_VALUE;
                }
                totals[depth] = 0;
                at++;
            } else if (c == ')' && depth > 0) {
                last = totals[depth] + 1;
                depth--;
                totals[depth] += last;
                at++;
            } else {
                last = 1;
                totals[depth]++;
                at = c == '\\' ? at + 2 : c == '[' ? endOfClass(pattern, at) : at + 1;
            }
            if (totals[depth] > MAX_SIZE) {
                return Long.MAX_VALUE;
            }
        }
        return totals[0];
    }

    /** How often {@code {n}}, {@code {n,}} or {@code {n,m}} repeats what stands before; 0 if it is none of them. */
    private static long repeat(String pattern, int at) {
        long count = 0;
        long largest = 1;
        for (int i = at + 1; i < Math.min(pattern.length(), at + 12); i++) {
            char c = pattern.charAt(i);
            if (c >= '0' && c <= '9') {
                count = count * 10 + (c - '0');
            } else if (c == ',' && i > at + 1) {
                largest = Math.max(largest, count);
                count = 0;
            } else {
                return c == '}' && i > at + 1 ? Math.max(largest, count) : 0;
            }
        }
        return 0;
    }

    private static int endOfClass(String pattern, int at) {
        int i = at + 1;
        if (i < pattern.length() && pattern.charAt(i) == '^') {
            i++;
        }
        if (i < pattern.length() && pattern.charAt(i) == ']') {
            i++;
        }
        while (i < pattern.length() && pattern.charAt(i) != ']') {
            boolean named = pattern.startsWith("[:", i);
            int end = named ? pattern.indexOf(":]", i) : -1;
            i = pattern.charAt(i) == '\\' ? i + 2 : end > 0 ? end + 2 : i + 1;
        }
        return i + 1;
    }
}
