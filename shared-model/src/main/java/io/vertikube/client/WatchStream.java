package io.vertikube.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectReader;
import io.fabric8.kubernetes.api.model.Status;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/** An open watch. Confined to one reading thread; {@link #close()} may come from any. */
public final class WatchStream<T> implements AutoCloseable {

    private final LineStream lines;
    private final ObjectReader reader;
    private final String kind;
    private final Duration patience;

    WatchStream(LineStream lines, ObjectReader reader, String kind, Duration patience) {
        this.lines = lines;
        this.reader = reader;
        this.kind = kind;
        this.patience = patience;
    }

    /**
     * Waits for the next event; empty when the server ended the watch, as it does from time to time: watch again from
     * the last revision seen.
     *
     * @throws ApiException when the server says that it cannot go on (410: list again)
     */
    public Optional<WatchEvent<T>> next() throws InterruptedException {
        byte[] line = lines.next(patience);
        return line == null ? Optional.empty() : Optional.of(read(line));
    }

    @Override
    public void close() {
        lines.close();
    }

    private WatchEvent<T> read(byte[] line) {
        try (JsonParser parser = reader.createParser(line)) {
            String word = "";
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("type")) {
                    word = parser.getText();
                } else if (field.equals("object")) {
                    if (word.equals("ERROR")) {
                        throw new ApiException(Json.mapper().readValue(parser, Status.class));
                    }
                    return new WatchEvent<>(WatchEvent.Type.valueOf(word), reader.readValue(parser));
                } else {
                    parser.skipChildren();
                }
            }
            throw new IOException("a watch event without an object behind its type");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read an event of a watch on " + kind, e);
        }
    }
}
