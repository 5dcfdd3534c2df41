package io.vertikube.apiserver.discovery;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which version of a group is preferred ("Version priority" in the documentation of custom resources). Pure. */
final class VersionOrder {

    private static final Pattern KUBERNETES = Pattern.compile("v(\\d{1,9})(?:(alpha|beta)(\\d{1,9}))?");

    /** Stable before beta before alpha, then the higher number; other names come last, in alphabetical order. */
    static final Comparator<String> NEWEST_FIRST = Comparator.comparingInt(VersionOrder::stage)
            .thenComparing(Comparator.comparingInt((String v) -> number(v, 1)).reversed())
            .thenComparing(Comparator.comparingInt((String v) -> number(v, 3)).reversed())
            .thenComparing(Comparator.naturalOrder());

    private VersionOrder() {}

    private static int stage(String version) {
        Matcher matcher = KUBERNETES.matcher(version);
        if (!matcher.matches()) {
            return 3;
        }
        return switch (matcher.group(2)) {
            case null -> 0;
            case "beta" -> 1;
            default -> 2;
        };
    }

    private static int number(String version, int part) {
        Matcher matcher = KUBERNETES.matcher(version);
        return matcher.matches() && matcher.group(part) != null ? Integer.parseInt(matcher.group(part)) : 0;
    }
}
