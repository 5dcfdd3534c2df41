package io.vertikube.service;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.Http1xServerConnection;
import io.vertx.core.net.NetSocket;
import java.util.Locale;

/**
 * Takes the connection of a request away from HTTP, so that another protocol is spoken on it. Vert.x's own {@code
 * toNetSocket()} does that for GET alone, but SPDY clients upgrade by POST: this is the one place that uses the internal
 * of Vert.x 5 that makes no difference. Stateless; call on the request's event loop or a virtual thread.
 */
public final class UpgradedConnection {

    private UpgradedConnection() {}

    /** Whether the client asks for another protocol on a connection that can have one (HTTP/1.1). */
    public static boolean isAskedFor(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_1_1
                && request.headers().getAll("Connection").stream()
                        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("upgrade"))
                && request.getHeader("Upgrade") != null;
    }

    /** The raw connection; the caller writes the 101 itself. Fails if the connection is no HTTP/1.1. */
    public static Future<NetSocket> of(HttpServerRequest request) {
        return request.connection() instanceof Http1xServerConnection connection
                ? connection.netSocket()
                : Future.failedFuture(new IllegalStateException("Upgrade request required"));
    }
}
