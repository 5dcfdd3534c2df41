package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Call;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;

/** What carries the events of one watch to its client. Confined to the event loop of its call. */
sealed interface WatchOutlet permits WatchOutlet.Body, WatchMessages {

    /** Sends whole events; the future completes when the socket has them. */
    Future<Void> write(Buffer events);

    /** Sends the last events, of which there may be none, and ends the exchange. */
    void end(Buffer events);

    /** Opens what the client asks for. A client that is gone by then gets none. */
    static Future<WatchOutlet> open(Call call, WatchFrames frames) {
        if (wantsMessages(call)) {
            return WatchMessages.open(call, frames);
        }
        HttpServerResponse response = call.request().response();
        response.setChunked(true);
        response.writeHead();
        return Future.succeededFuture(new Body(response));
    }

    /** Whether the client asks for a WebSocket, which HTTP/2 has no place for. */
    static boolean wantsMessages(Call call) {
        return call.header("Upgrade").toLowerCase(Locale.ROOT).equals("websocket")
                && call.header("Connection").toLowerCase(Locale.ROOT).contains("upgrade")
                && call.request().version() == HttpVersion.HTTP_1_1;
    }

    /** The body of a response: events one after the other. */
    record Body(HttpServerResponse response) implements WatchOutlet {

        @Override
        public Future<Void> write(Buffer events) {
            return response.write(events);
        }

        @Override
        public void end(Buffer events) {
            response.end(events);
        }
    }
}
