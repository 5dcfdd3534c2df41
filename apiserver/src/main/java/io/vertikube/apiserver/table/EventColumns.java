package io.vertikube.apiserver.table;

import java.util.Locale;
import java.util.Map;

/** Events, in both their versions: the fields that changed names are given by name. Pure. */
final class EventColumns {

    private EventColumns() {}

    static void addTo(Map<String, Columns> known) {
        known.put(
                "/events",
                columns(new Names("involvedObject", "message", "source", "firstTimestamp", "lastTimestamp", "count")));
        known.put(
                "events.k8s.io/events",
                columns(new Names(
                        "regarding",
                        "note",
                        "deprecatedSource",
                        "deprecatedFirstTimestamp",
                        "deprecatedLastTimestamp",
                        "deprecatedCount")));
    }

    private record Names(String about, String message, String source, String first, String last, String count) {}

    private static Columns columns(Names names) {
        return Columns.builder()
                .text("Last Seen", "Time since it was last seen.", row -> lastSeen(row, names))
                .text("Type", "Normal or Warning.", row -> row.text("type"))
                .text("Reason", "What happened, in one word.", row -> row.text("reason"))
                .text("Object", "What it is about.", row -> about(row, names))
                .wide(
                        "Subobject",
                        "Part of the object that it is about.",
                        row -> row.text(names.about() + ".fieldPath"))
                .wide("Source", "Who reports it.", row -> source(row, names))
                .text(
                        "Message",
                        "What happened, in a sentence.",
                        row -> row.text(names.message()).strip())
                .wide("First Seen", "Time since it was first seen.", row -> firstSeen(row, names))
                .wide("Count", "How often it was seen.", row -> count(row, names))
                .add(Columns.name(1, row -> row.text("metadata.name")))
                .build();
    }

    private static String firstSeen(Row row, Names names) {
        return row.has(names.first()) ? row.since(names.first()) : row.since("eventTime");
    }

    private static String lastSeen(Row row, Names names) {
        if (row.has("series")) {
            return row.since("series.lastObservedTime");
        }
        return row.has(names.last()) ? row.since(names.last()) : firstSeen(row, names);
    }

    private static long count(Row row, Names names) {
        if (row.has("series")) {
            return row.number("series.count");
        }
        return Math.max(1, row.number(names.count()));
    }

    private static String about(Row row, Names names) {
        String kind = row.text(names.about() + ".kind").toLowerCase(Locale.ROOT);
        String name = row.text(names.about() + ".name");
        return name.isEmpty() ? kind : kind + "/" + name;
    }

    private static String source(Row row, Names names) {
        String component = row.text(names.source() + ".component", row.text("reportingComponent"));
        String host = row.text(names.source() + ".host", row.text("reportingInstance"));
        component = component.isEmpty() ? row.text("reportingController") : component;
        return host.isEmpty() ? component : component + ", " + host;
    }
}
