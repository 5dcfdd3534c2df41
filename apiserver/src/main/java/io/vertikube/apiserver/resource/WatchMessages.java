package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Call;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;

/**
 * A watch over a WebSocket, as browsers and fabric8's client ask for it: each event is a message of one frame, text or
 * binary as the events are. What the client sends is dropped. Confined to the event loop of its call.
 */
final class WatchMessages implements WatchOutlet {

    private final ServerWebSocket socket;
    private final WatchFrames frames;

    private WatchMessages(ServerWebSocket socket, WatchFrames frames) {
        this.socket = socket;
        this.frames = frames;
    }

    static Future<WatchOutlet> open(Call call, WatchFrames frames) {
        return call.request()
                .toWebSocket()
                .<WatchOutlet>map(socket -> {
                    socket.exceptionHandler(e -> {});
                    socket.closeHandler(v -> call.finished());
                    return new WatchMessages(socket, frames);
                })
                .onFailure(e -> call.request().connection().close());
    }

    @Override
    public Future<Void> write(Buffer events) {
        Future<Void> last = Future.succeededFuture();
        for (int at = 0; at < events.length(); ) {
            WatchFrames.Extent event = frames.extent(events, at);
            last = frames.text()
                    ? socket.writeFinalTextFrame(events.getString(event.from(), event.to()))
                    : socket.writeFinalBinaryFrame(events.getBuffer(event.from(), event.to()));
            at = event.to();
        }
        return last;
    }

    @Override
    public void end(Buffer events) {
        write(events);
        socket.close();
    }
}
