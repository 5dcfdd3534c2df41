/**
 * What an API object is to every component: its kind, its key, its bytes, and what goes wrong with it.
 *
 * <p>Enter at {@link io.vertikube.object.Json} for bytes and {@link io.vertikube.object.ApiErrors} for refusals. This
 * package knows nothing of transport, storage or any single kind.
 */
@NullMarked
package io.vertikube.object;

import org.jspecify.annotations.NullMarked;
