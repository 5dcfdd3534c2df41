package io.vertikube.kubelet.status;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Times as the API writes them: RFC 3339, whole seconds. Pure functions. */
public final class Times {

    private Times() {}

    public static String text(Instant time) {
        return DateTimeFormatter.ISO_INSTANT.format(
                time.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
    }
}
