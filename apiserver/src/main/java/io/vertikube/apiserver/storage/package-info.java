/**
 * Where objects live: a store with revisions, and the whole of it in memory for every read and watch.
 *
 * <p>The rest of the server enters at {@link io.vertikube.apiserver.storage.ObjectStorage}: it writes through to a
 * {@link io.vertikube.apiserver.storage.Store} and reads from the watch cache. The two stores are in {@code embedded}
 * (one file or memory, one server) and {@code etcd} (a cluster, several servers); only the composition root names them.
 *
 * <p>The way of an object: a tree is written as JSON without its revision ({@link
 * io.vertikube.apiserver.storage.ObjectWriter}), the store makes it durable and gives it a revision, the one watch over
 * the whole key space brings it back, its header is read once ({@link io.vertikube.apiserver.storage.HeaderReader}), it
 * enters an immutable sorted tree published under its revision, and from then on only bytes are copied ({@link
 * io.vertikube.apiserver.storage.StoredObject#writeTo}).
 *
 * <p>This package knows nothing of kinds, versions, HTTP or who may do what; a key and the paths of selectable fields
 * are all it is told about a type.
 */
@NullMarked
package io.vertikube.apiserver.storage;

import org.jspecify.annotations.NullMarked;
