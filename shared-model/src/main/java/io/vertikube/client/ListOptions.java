package io.vertikube.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Which objects of a collection, and as of when; the parameters of list and watch requests. Immutable.
 *
 * @param limit largest page, 0 for all at once
 */
public record ListOptions(
        @Nullable String labelSelector,
        @Nullable String fieldSelector,
        @Nullable String resourceVersion,
        long limit,
        @Nullable String continueToken) {

    private static final ListOptions ALL = new ListOptions(null, null, null, 0, null);

    /** Everything, as of now. */
    public static ListOptions all() {
        return ALL;
    }

    public static ListOptions labels(String selector) {
        return new ListOptions(selector, null, null, 0, null);
    }

    public static ListOptions fields(String selector) {
        return new ListOptions(null, selector, null, 0, null);
    }

    public ListOptions withLabels(String selector) {
        return new ListOptions(selector, fieldSelector, resourceVersion, limit, continueToken);
    }

    public ListOptions withFields(String selector) {
        return new ListOptions(labelSelector, selector, resourceVersion, limit, continueToken);
    }

    public ListOptions withResourceVersion(@Nullable String revision) {
        return new ListOptions(labelSelector, fieldSelector, revision, limit, continueToken);
    }

    public ListOptions withLimit(long size) {
        return new ListOptions(labelSelector, fieldSelector, resourceVersion, size, continueToken);
    }

    public ListOptions withContinue(@Nullable String token) {
        return new ListOptions(labelSelector, fieldSelector, resourceVersion, limit, token);
    }

    /** {@code ?a=b&c=d}, or nothing. */
    String query() {
        var query = new StringBuilder();
        add(query, "labelSelector", labelSelector);
        add(query, "fieldSelector", fieldSelector);
        add(query, "resourceVersion", resourceVersion);
        add(query, "limit", limit == 0 ? null : Long.toString(limit));
        add(query, "continue", continueToken);
        return query.toString();
    }

    static void add(StringBuilder query, String name, @Nullable String value) {
        if (value != null) {
            query.append(query.isEmpty() ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
