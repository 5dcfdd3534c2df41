package io.vertikube.kubelet.stats;

import java.time.Instant;
import java.util.Locale;

/** A page of metrics in the Prometheus text format; figures that are not known are left out. Confined to one thread. */
final class MetricsText {

    private final StringBuilder text = new StringBuilder();

    void family(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    /** A figure without a time. */
    void plain(String name, String labels, long value) {
        text.append(name).append(labels).append(' ').append(value).append('\n');
    }

    void number(String name, String labels, long value, Instant at) {
        if (value >= 0) {
            line(name, labels, Long.toString(value), at);
        }
    }

    void seconds(String name, String labels, long nanoseconds, Instant at) {
        if (nanoseconds >= 0) {
            line(name, labels, String.format(Locale.ROOT, "%.9f", nanoseconds / 1e9), at);
        }
    }

    void time(String name, String labels, Instant value, Instant at) {
        line(name, labels, String.format(Locale.ROOT, "%.3f", value.toEpochMilli() / 1e3), at);
    }

    /** Names and values by turns, as they stand in braces. */
    static String labels(String... namesAndValues) {
        StringBuilder result = new StringBuilder("{");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            result.append(i > 0 ? "," : "")
                    .append(namesAndValues[i])
                    .append("=\"")
                    .append(namesAndValues[i + 1]
                            .replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("\n", "\\n"))
                    .append('"');
        }
        return result.append('}').toString();
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void line(String name, String labels, String value, Instant at) {
        text.append(name)
                .append(labels)
                .append(' ')
                .append(value)
                .append(' ')
                .append(at.toEpochMilli())
                .append('\n');
    }
}
