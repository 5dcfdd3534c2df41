package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.PacedBody;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.apiserver.storage.Subscription;
import io.vertikube.apiserver.storage.WatchBatch;
import io.vertikube.apiserver.storage.WatchEvent;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One watch being told. It takes events from its subscription only while the client takes bytes, so a slow client lags
 * in the shared history and holds nothing of its own. Confined to the event loop of its call, but for a batch that is
 * being converted, which a virtual thread works on while the loop leaves the stream alone.
 */
final class WatchStream {

    private final Call call;
    private final WatchOutlet outlet;
    private final PacedBody paced;
    private final Forms forms;
    private final ResourceType type;
    private final Selection selection;
    private final WatchFrames frames;
    private final ResourceLimits limits;
    private final boolean bookmarks;
    private final long bookmarkTimer;
    private final long endTimer;
    private final Iterator<StoredObject> initial;
    private final long initialRevision;
    private boolean markInitialEnd;
    private @Nullable Subscription subscription;
    private long told;
    private boolean converting;
    private boolean over;

    /**
     * What a watch begins with.
     *
     * @param siblings the running watches of the type, to which this one belongs until it ends
     */
    record Beginning(
            Call call,
            ObjectStorage storage,
            Forms forms,
            ResourceType type,
            Selection selection,
            WatchFrames frames,
            ResourceLimits limits,
            WatchParameters parameters,
            Duration life,
            Set<WatchStream> siblings) {

        /**
         * Begins to tell: over the response, whose head goes out at once, or over a WebSocket if the client asked for one.
         *
         * @param initial objects to tell as ADDED before the events after {@code revision}
         */
        void start(List<StoredObject> initial, long revision) {
            if (call.begin(200, frames.contentType())) {
                WatchOutlet.open(call, frames)
                        .onSuccess(outlet -> new WatchStream(this, outlet, initial, revision).begin(storage));
            }
        }
    }

    private WatchStream(Beginning with, WatchOutlet outlet, List<StoredObject> initial, long revision) {
        this.call = with.call();
        this.outlet = outlet;
        this.forms = with.forms();
        this.type = with.type();
        this.selection = with.selection();
        this.frames = with.frames();
        this.limits = with.limits();
        this.bookmarks = with.parameters().bookmarks();
        this.markInitialEnd = with.parameters().markInitialEnd();
        this.initial = initial.iterator();
        this.initialRevision = revision;
        this.told = revision;
        var vertx = call.context().owner();
        this.bookmarkTimer = bookmarks
                ? vertx.setPeriodic(limits.bookmarkInterval().toMillis(), id -> call.onContext(this::bookmark))
                : -1;
        this.endTimer = vertx.setTimer(Math.max(1, with.life().toMillis()), id -> timeUp());
        call.onEnd(this::close);
        with.siblings().add(this);
        call.onEnd(() -> with.siblings().remove(this));
        this.paced = new PacedBody(outlet::write, limits.chunkBytes(), this::pump);
    }

    private void begin(ObjectStorage storage) {
        try {
            subscription = storage.watch(
                    selection.prefix(), initialRevision, this::concerns, () -> call.onContext(this::pump));
        } catch (ApiException e) {
            // The head is out: what is wrong with the revision is told as an event, as it is later on.
            failed(e);
            return;
        }
        pump();
        call.started();
    }

    private void failed(ApiException why) {
        if (!over) {
            var out = Buffer.buffer();
            frames.error(out, why);
            close();
            outlet.end(out);
        }
    }

    /** Header tests only; called by the thread that serves all watchers. What has to be converted first may concern us. */
    private boolean concerns(WatchEvent event) {
        if (!forms.none(type)) {
            return true;
        }
        StoredObject previous = event.previous();
        return selection.matches(event.object()) || (previous != null && selection.matches(previous));
    }

    private void pump() {
        Subscription events = subscription;
        if (over || converting || events == null) {
            return;
        }
        while (!over && !paced.isFull()) {
            Buffer out = Buffer.buffer();
            boolean more = initial.hasNext() ? tellInitial(out) : tellEvents(events, out);
            if (over) {
                outlet.end(out);
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
        if (!batch.events().stream().allMatch(event -> forms.ready(type, event))) {
            convert(batch);
            return false;
        }
        tell(out, batch);
        told = Math.max(told, batch.revision());
        WatchBatch.End ended = batch.ended();
        if (ended != null) {
            if (ended == WatchBatch.End.TOO_OLD) {
                frames.error(
                        out,
                        ApiErrors.expired("too old resource version: " + told + "; list again and watch from there"));
            }
            close();
            return false;
        }
        return !batch.isEmpty();
    }

    /** Has a batch converted away from the event loop; nothing is told meanwhile. */
    private void convert(WatchBatch batch) {
        converting = true;
        Thread.ofVirtual().name("converting").start(() -> {
            try {
                List<StoredObject> objects = new ArrayList<>();
                for (WatchEvent event : batch.events()) {
                    objects.add(event.object());
                    if (event.previous() != null) {
                        objects.add(event.previous());
                    }
                }
                forms.prepare(type, objects);
                // Asked for here and not on the loop: another version's reader may have taken their place by then.
                var out = Buffer.buffer();
                tell(out, batch);
                call.onContext(() -> converted(out, batch.revision()));
            } catch (Throwable e) {
                call.onContext(() -> failed(StorageFailures.translate(e)));
            }
        });
    }

    private void converted(Buffer out, long revision) {
        converting = false;
        told = Math.max(told, revision);
        if (!over) {
            if (out.length() > 0) {
                paced.write(out);
            }
            pump();
        }
    }

    private void tell(Buffer out, WatchBatch batch) {
        for (WatchEvent event : batch.events()) {
            tell(out, event);
        }
    }

    private void tell(Buffer out, WatchEvent event) {
        StoredObject previous = event.previous() == null ? null : forms.of(type, event.previous());
        StoredObject object = forms.of(type, event.object());
        boolean before = previous != null && selection.matches(previous);
        boolean now = event.type() == WatchEvent.Type.PUT && selection.matches(object);
        long revision = event.revision();
        if (now) {
            frames.event(out, before ? "MODIFIED" : "ADDED", object, revision);
        } else if (before && previous != null) {
            frames.event(out, "DELETED", event.type() == WatchEvent.Type.DELETE ? object : previous, revision);
        }
    }

    /** Only said when everything before it has been said. */
    private void bookmark() {
        pump();
        if (!over && !converting && !initial.hasNext() && !paced.isFull()) {
            var out = Buffer.buffer();
            frames.bookmark(out, told, false);
            paced.write(out);
        }
    }

    private void timeUp() {
        if (!over) {
            var out = Buffer.buffer();
            if (bookmarks && !converting && !initial.hasNext() && !markInitialEnd) {
                frames.bookmark(out, told, false);
            }
            close();
            outlet.end(out);
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
