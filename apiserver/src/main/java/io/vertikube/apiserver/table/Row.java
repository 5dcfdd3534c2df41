package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.StringJoiner;

/** An object at the moment it is printed; paths are dotted field names without keys that hold dots. Immutable. */
public record Row(ObjectNode object, Instant now) {

    static final String NONE = "<none>";
    static final String UNKNOWN = "<unknown>";
    static final String UNSET = "<unset>";

    JsonNode at(String path) {
        JsonNode at = object;
        for (String name : path.split("\\.")) {
            at = at.path(name);
        }
        return at.isNull() ? MissingNode.getInstance() : at;
    }

    boolean has(String path) {
        return !at(path).isMissingNode();
    }

    /** The text there; empty if there is none. */
    String text(String path) {
        return at(path).asText();
    }

    /** The text there, else the word for nothing. */
    String text(String path, String otherwise) {
        String text = text(path);
        return text.isEmpty() ? otherwise : text;
    }

    long number(String path) {
        return at(path).asLong();
    }

    boolean flag(String path) {
        return at(path).asBoolean();
    }

    long count(String path) {
        return at(path).size();
    }

    /** One field of every item of a list, joined by commas. */
    String names(String path, String field) {
        return names(at(path), field);
    }

    static String names(JsonNode list, String field) {
        var names = new StringJoiner(",");
        for (JsonNode item : list) {
            names.add(item.path(field).asText());
        }
        return names.toString();
    }

    /** The items of a list of plain values, joined; the word for nothing if there are none. */
    String joined(String path, String separator, String otherwise) {
        var all = new StringJoiner(separator);
        all.setEmptyValue(otherwise);
        at(path).forEach(value -> all.add(value.asText()));
        return all.toString();
    }

    String age() {
        return since("metadata.creationTimestamp");
    }

    /** How long ago, in people's form; {@code <unknown>} without a time. */
    String since(String path) {
        return since(at(path));
    }

    String since(JsonNode time) {
        return time(time)
                .map(then -> HumanDuration.of(Duration.between(then, now)))
                .orElse(UNKNOWN);
    }

    static Optional<Instant> time(JsonNode value) {
        if (!value.isTextual() || value.asText().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(value.asText()).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
