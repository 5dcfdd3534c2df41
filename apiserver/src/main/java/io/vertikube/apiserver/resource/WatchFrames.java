package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiException;
import io.vertx.core.buffer.Buffer;

/** Writes the events of one watch in the form its client wants. Confined to the event loop of its call. */
interface WatchFrames {

    /** Where one event lies in a buffer, without what only separates it from others. */
    record Extent(int from, int to) {}

    /** Of the whole response. */
    String contentType();

    /** Whether events are text. */
    boolean text();

    /** The event that begins at an index of a buffer which these frames were appended to. */
    Extent extent(Buffer events, int at);

    /**
     * Appends an event.
     *
     * @param revision the event's own; an object that left a selection is told as it was, at the revision it left at
     */
    void event(Buffer out, String kind, StoredObject object, long revision);

    /** Appends a bookmark: all before this revision has been told. */
    void bookmark(Buffer out, long revision, boolean initialEventsEnd);

    /** Appends what ends the watch before its time. */
    void error(Buffer out, ApiException failure);
}
