package io.vertikube.kubelet.server;

import io.vertx.core.MultiMap;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;

/** Which part of a log (API reference, PodLogOptions). Immutable. */
record LogOptions(
        boolean follow,
        boolean previous,
        boolean timestamps,
        Optional<Instant> since,
        OptionalLong tailLines,
        OptionalLong limitBytes,
        Optional<String> stream) {

    static final LogOptions ALL = new LogOptions(
            false, false, false, Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

    /** Reads query parameters; what cannot be is a {@link HttpProblem}. */
    static LogOptions parse(MultiMap parameters, InstantSource clock) {
        Optional<Instant> since = Optional.empty();
        OptionalLong sinceSeconds = number(parameters, "sinceSeconds", 1);
        if (sinceSeconds.isPresent()) {
            since = Optional.of(clock.instant().minusSeconds(sinceSeconds.getAsLong()));
        }
        String sinceTime = parameters.get("sinceTime");
        if (sinceTime != null && !sinceTime.isEmpty()) {
            try {
                since = Optional.of(Instant.parse(sinceTime));
            } catch (DateTimeParseException e) {
                throw new HttpProblem(400, "sinceTime: \"" + sinceTime + "\" is no RFC 3339 time");
            }
        }
        return new LogOptions(
                flag(parameters, "follow"),
                flag(parameters, "previous"),
                flag(parameters, "timestamps"),
                since,
                number(parameters, "tailLines", 0),
                number(parameters, "limitBytes", 1),
                stream(parameters));
    }

    /** One stream alone (KEP-3288), in the word that stands in the log. */
    private static Optional<String> stream(MultiMap parameters) {
        String value = parameters.get("stream");
        return switch (value == null ? "" : value) {
            case "", "All" -> Optional.empty();
            case "Stdout" -> Optional.of("stdout");
            case "Stderr" -> Optional.of("stderr");
            default -> throw new HttpProblem(400, "stream: Unsupported value: \"" + value + "\"");
        };
    }

    private static boolean flag(MultiMap parameters, String name) {
        String value = parameters.get(name);
        return value != null && (value.isEmpty() || value.equals("true") || value.equals("1"));
    }

    private static OptionalLong number(MultiMap parameters, String name, long least) {
        String value = parameters.get(name);
        if (value == null || value.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new HttpProblem(400, name + ": Invalid value: \"" + value + "\": must be a number, at least " + least);
    }
}
