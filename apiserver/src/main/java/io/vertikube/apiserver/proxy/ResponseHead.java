package io.vertikube.apiserver.proxy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The head of an HTTP/1.1 answer as it came over a raw connection. Immutable. */
record ResponseHead(int code, List<Field> fields, int length) {

    /** A header field; the name in lower case. */
    record Field(String name, String value) {}

    ResponseHead {
        fields = List.copyOf(fields);
    }

    /** Reads a head from the beginning of what has arrived; empty if it is not complete yet. */
    static Optional<ResponseHead> read(byte[] bytes) {
        int end = end(bytes);
        if (end < 0) {
            return Optional.empty();
        }
        String[] lines = new String(bytes, 0, end, StandardCharsets.ISO_8859_1).split("\r\n");
        String[] status = lines[0].split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.")) {
            throw new IllegalArgumentException("no HTTP/1.1 answer");
        }
        var fields = new ArrayList<Field>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                fields.add(new Field(
                        lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip()));
            }
        }
        return Optional.of(new ResponseHead(Integer.parseInt(status[1]), fields, end + 4));
    }

    @Nullable
    String field(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return field.value();
            }
        }
        return null;
    }

    private static int end(byte[] bytes) {
        for (int i = 0; i + 3 < bytes.length; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
