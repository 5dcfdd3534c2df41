package io.vertikube.apiserver.admission;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ports that Services may have on every node, both ends included. Immutable. All API servers of a cluster must be
 * told the same.
 */
public record PortRange(int first, int last) {

    public static final PortRange USUAL = new PortRange(30_000, 32_767);

    private static final Pattern FORM = Pattern.compile("(\\d{1,5})([-+])(\\d{1,5})");
    private static final int HIGHEST = 65_535;

    public PortRange {
        if (first < 1 || last > HIGHEST || first > last) {
            throw new IllegalArgumentException(
                    "not a range of ports between 1 and " + HIGHEST + ": " + first + "-" + last);
        }
    }

    /** {@code 30000-32767}, or {@code 30000+2767}. */
    public static PortRange parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not of the form first-last (30000-32767) or first+more (30000+2767)");
        }
        int first = Integer.parseInt(matcher.group(1));
        int second = Integer.parseInt(matcher.group(3));
        return new PortRange(first, matcher.group(2).equals("+") ? first + second : second);
    }

    boolean contains(int port) {
        return port >= first && port <= last;
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
