package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.PacedBody;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.apiserver.storage.Subscription;
import io.vertikube.apiserver.storage.WatchBatch;
import io.vertikube.apiserver.storage.WatchEvent;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One watch being told. It takes events from its subscription only while the client takes bytes, so a slow client lags
 * in the shared history and holds nothing of its own. Confined to the event loop of its call.
 */
final class WatchStream {

    private final Call call;
    private final HttpServerResponse response;
    private final PacedBody paced;
    private final Selection selection;
    private final WatchFrames frames;
    private final ResourceLimits limits;
    private final boolean bookmarks;
    private final long bookmarkTimer;
    private final long endTimer;
    private Iterator<StoredObject> initial = List.<StoredObject>of().iterator();
    private long initialRevision;
    private boolean markInitialEnd;
    private @Nullable Subscription subscription;
    private long told;
    private boolean over;

    private WatchStream(
            Call call,
            Selection selection,
            WatchFrames frames,
            ResourceLimits limits,
            boolean bookmarks,
            Duration life) {
        this.call = call;
        this.response = call.request().response();
        this.selection = selection;
        this.frames = frames;
        this.limits = limits;
        this.bookmarks = bookmarks;
        var vertx = call.context().owner();
        this.bookmarkTimer =
                bookmarks ? vertx.setPeriodic(limits.bookmarkInterval().toMillis(), id -> bookmark()) : -1;
        this.endTimer = vertx.setTimer(life.toMillis(), id -> timeUp());
        call.onEnd(this::close);
        response.setChunked(true);
        this.paced = new PacedBody(response, limits.chunkBytes(), this::pump);
    }

    /**
     * Begins to tell. The response's head goes out at once.
     *
     * @param siblings the running watches of the type, to which this one belongs until it ends
     * @param initial objects to tell as ADDED before the events after {@code revision}
     */
    static void start(
            Call call,
            ObjectStorage storage,
            Selection selection,
            WatchFrames frames,
            ResourceLimits limits,
            WatchParameters parameters,
            List<StoredObject> initial,
            long revision,
            Duration life,
            Set<WatchStream> siblings) {
        if (!call.begin(200, "application/json")) {
            return;
        }
        var stream = new WatchStream(call, selection, frames, limits, parameters.bookmarks(), life);
        siblings.add(stream);
        call.onEnd(() -> siblings.remove(stream));
        stream.initial = initial.iterator();
        stream.initialRevision = revision;
        stream.markInitialEnd = parameters.markInitialEnd();
        stream.told = revision;
        stream.response.writeHead();
        try {
            stream.subscription = storage.watch(
                    selection.prefix(),
                    revision,
                    event -> stream.concerns(event),
                    () -> call.context().runOnContext(v -> stream.pump()));
        } catch (ApiException e) {
            // The head is out: what is wrong with the revision is told as an event, as it is later on.
            var out = Buffer.buffer();
            WatchFrames.error(out, e);
            stream.close();
            stream.response.end(out);
            return;
        }
        stream.pump();
    }

    /** Header tests only; called by the thread that serves all watchers. */
    private boolean concerns(WatchEvent event) {
        StoredObject previous = event.previous();
        return selection.matches(event.object()) || (previous != null && selection.matches(previous));
    }

    private void pump() {
        Subscription events = subscription;
        if (over || events == null) {
            return;
        }
        while (!over && !paced.isFull()) {
            Buffer out = Buffer.buffer();
            boolean more = initial.hasNext() ? tellInitial(out) : tellEvents(events, out);
            if (over) {
                response.end(out);
                return;
            }
            if (out.length() > 0) {
                paced.write(out);
            }
            if (!more) {
                return;
            }
        }
    }

    private boolean tellInitial(Buffer out) {
        while (initial.hasNext() && out.length() < limits.chunkBytes()) {
            StoredObject object = initial.next();
            frames.event(out, "ADDED", object, object.revision());
        }
        return true;
    }

    private boolean tellEvents(Subscription events, Buffer out) {
        if (markInitialEnd) {
            markInitialEnd = false;
            frames.bookmark(out, initialRevision, true);
        }
        WatchBatch batch = events.poll(limits.watchBatch());
        for (WatchEvent event : batch.events()) {
            tell(out, event);
        }
        told = Math.max(told, batch.revision());
        WatchBatch.End ended = batch.ended();
        if (ended != null) {
            if (ended == WatchBatch.End.TOO_OLD) {
                WatchFrames.error(
                        out,
                        ApiErrors.expired("too old resource version: " + told + "; list again and watch from there"));
            }
            close();
            return false;
        }
        return !batch.isEmpty();
    }

    private void tell(Buffer out, WatchEvent event) {
        StoredObject previous = event.previous();
        boolean before = previous != null && selection.matches(previous);
        boolean now = event.type() == WatchEvent.Type.PUT && selection.matches(event.object());
        long revision = event.revision();
        if (now) {
            frames.event(out, before ? "MODIFIED" : "ADDED", event.object(), revision);
        } else if (before && previous != null) {
            frames.event(out, "DELETED", event.type() == WatchEvent.Type.DELETE ? event.object() : previous, revision);
        }
    }

    /** Only said when everything before it has been said. */
    private void bookmark() {
        pump();
        if (!over && !initial.hasNext() && !paced.isFull()) {
            var out = Buffer.buffer();
            frames.bookmark(out, told, false);
            paced.write(out);
        }
    }

    private void timeUp() {
        if (!over) {
            var out = Buffer.buffer();
            if (bookmarks && !initial.hasNext() && !markInitialEnd) {
                frames.bookmark(out, told, false);
            }
            close();
            response.end(out);
        }
    }

    /** The type is served no longer. Any thread may say so. */
    void end() {
        call.onContext(this::timeUp);
    }

    private void close() {
        if (over) {
            return;
        }
        over = true;
        var vertx = call.context().owner();
        vertx.cancelTimer(endTimer);
        if (bookmarkTimer >= 0) {
            vertx.cancelTimer(bookmarkTimer);
        }
        Subscription events = subscription;
        if (events != null) {
            events.close();
        }
    }
}
