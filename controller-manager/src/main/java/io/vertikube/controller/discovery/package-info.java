/**
 * What the API server serves right now, custom resources among it: for controllers that work on every type.
 *
 * <p>Enter at {@link io.vertikube.controller.discovery.Discovery}. It must not know what is done with the types.
 */
@NullMarked
package io.vertikube.controller.discovery;

import org.jspecify.annotations.NullMarked;
