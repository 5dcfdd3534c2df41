package io.vertikube.apiserver.front;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.ApiException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A whole response. Immutable but for the body, which whoever answers gives away.
 *
 * @param headers beside those that every response has
 */
public record Answer(int code, String contentType, Body body, List<Header> headers) {

    /** What stands in it: bytes, or a tree that becomes bytes when it is sent. */
    public sealed interface Body {

        /** As it is. */
        record Bytes(Buffer buffer) implements Body {}

        /** In the form that was asked for. */
        record Tree(JsonNode tree, View view) implements Body {}
    }

    /** A header line. */
    public record Header(String name, String value) {}

    public static final String JSON = "application/json";

    public Answer {
        headers = List.copyOf(headers);
    }

    public Answer(int code, String contentType, Buffer body, List<Header> headers) {
        this(code, contentType, new Body.Bytes(body), headers);
    }

    public static Answer json(int code, Buffer body) {
        return new Answer(code, JSON, body, List.of());
    }

    public static Answer json(int code, byte[] body) {
        return json(code, Buffer.buffer(body));
    }

    public static Answer tree(int code, JsonNode tree, View view) {
        return new Answer(code, view.format().mediaType(), new Body.Tree(tree, view), List.of());
    }

    public static Answer text(int code, String text) {
        return new Answer(code, "text/plain; charset=utf-8", Buffer.buffer(text), List.of());
    }

    /** A refusal as a Status, with the header that tells when to come again. */
    public static Answer of(ApiException failure, View view) {
        Answer answer = tree(failure.code(), Statuses.of(failure), view);
        var details = failure.status().getDetails();
        if (details != null && details.getRetryAfterSeconds() != null && details.getRetryAfterSeconds() > 0) {
            return answer.with("Retry-After", Integer.toString(details.getRetryAfterSeconds()));
        }
        return answer;
    }

    boolean has(String name) {
        return headers.stream().anyMatch(h -> h.name().equalsIgnoreCase(name));
    }

    public Answer with(String name, String value) {
        var more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Answer(code, contentType, body, more);
    }
}
