/**
 * Where objects live: a store with revisions, and the whole of it in memory for every read and watch.
 *
 * <p>The rest of the server enters at {@link io.vertikube.apiserver.storage.ObjectStorage}: it writes through to a
 * {@link io.vertikube.apiserver.storage.Store} and reads from the watch cache. The two stores are in {@code embedded}
 * (one file or memory, one server) and {@code etcd} (a cluster, several servers); only the composition root names them.
 *
 * <p><b>The way of an object.</b> A tree is written as JSON without its revision ({@link
 * io.vertikube.apiserver.storage.ObjectWriter}). The store makes it durable and gives it a revision. The one watch over
 * the whole key space brings it back to {@link io.vertikube.apiserver.storage.WatchCache}; its header is read once
 * ({@link io.vertikube.apiserver.storage.HeaderReader}); it enters an immutable sorted tree that is published under its
 * revision. From then on only bytes are copied ({@link io.vertikube.apiserver.storage.StoredObject#writeTo}).
 *
 * <p><b>Reading.</b> {@link io.vertikube.apiserver.storage.Read} says how fresh. The answer is a {@link
 * io.vertikube.apiserver.storage.Snapshot}: every type as of one revision, for as long as one likes. On an event loop
 * use {@link io.vertikube.apiserver.storage.ObjectStorage#read}, elsewhere {@link
 * io.vertikube.apiserver.storage.ObjectStorage#snapshot}.
 *
 * <p><b>Watching.</b> Take a snapshot, then watch from its revision. A {@link
 * io.vertikube.apiserver.storage.Subscription} is polled until a batch is empty; then, and only then, the sink is told
 * once when there is more. Whoever cannot write just does not poll: if the history overtakes it, its next batch says
 * {@code TOO_OLD}. The revision of a batch is the one for a bookmark after it. {@code end()} of a batch is final: stop
 * polling.
 *
 * <pre>{@code
 * void pump() {
 *     while (!response.writeQueueFull()) {
 *         WatchBatch batch = subscription.poll(100);
 *         if (batch.isEmpty()) return;                 // available() will call again
 *         if (batch.end().isPresent()) { finish(batch.end().get()); return; }
 *         batch.events().forEach(this::write);
 *     }
 *     response.drainHandler(v -> pump());
 * }
 * }</pre>
 *
 * <p><b>Writing.</b> Blocks until durable, so on virtual threads. {@link io.vertikube.apiserver.storage.KeyExists} and
 * {@link io.vertikube.apiserver.storage.RevisionMismatch} (with what is there now) are for the caller to judge; every
 * other failure is an {@link io.vertikube.object.ApiException} ready to be answered. Write values that no other writer
 * would write with the same bytes (a uid, a holder's name): that is how a write sent twice knows itself.
 *
 * <p>This package knows nothing of kinds, versions, HTTP or who may do what; a key, the paths of selectable fields
 * ({@link io.vertikube.apiserver.storage.FieldPaths}) and the times to live by prefix ({@link
 * io.vertikube.apiserver.storage.StorageLimits}) are all it is told about a type.
 */
@NullMarked
package io.vertikube.apiserver.storage;

import org.jspecify.annotations.NullMarked;
