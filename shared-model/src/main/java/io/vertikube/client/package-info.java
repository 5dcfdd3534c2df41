/**
 * The client of the Kubernetes API: typed, blocking, over Vert.x. It talks to any API server.
 *
 * <p>Enter at {@link io.vertikube.client.ApiClient#connect}. Every call waits: make it from a virtual thread or any
 * other thread that may wait, never from an event loop. This package knows nothing of caches and controllers.
 */
@NullMarked
package io.vertikube.client;

import org.jspecify.annotations.NullMarked;
