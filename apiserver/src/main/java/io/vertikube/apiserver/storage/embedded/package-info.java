/**
 * The store of a cluster with one API server: a file written through H2's MVStore, or memory alone.
 *
 * <p>Enter at {@link io.vertikube.apiserver.storage.embedded.EmbeddedStore}. It knows keys, bytes and revisions, nothing
 * of objects.
 */
@NullMarked
package io.vertikube.apiserver.storage.embedded;

import org.jspecify.annotations.NullMarked;
