/**
 * One handler for every resource of the catalogue: read, list, watch, create, update, patch, delete, and the
 * subresources that are no streams.
 *
 * <p>Enter at {@link io.vertikube.apiserver.resource.ResourceHandler}, which sends each verb to its class. Reads are
 * served from stored bytes on the event loop ({@link io.vertikube.apiserver.resource.ReadHandler}, {@link
 * io.vertikube.apiserver.resource.WatchHandler}); writes run on virtual threads through the one order in {@link
 * io.vertikube.apiserver.resource.WritePipeline}. What a kind wants beyond its schema is its {@link
 * io.vertikube.apiserver.resource.Strategy}, in the sub-package of its group. Nothing here asks whether a kind is built
 * in or custom.
 */
@NullMarked
package io.vertikube.apiserver.resource;

import org.jspecify.annotations.NullMarked;
