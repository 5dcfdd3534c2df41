/**
 * What every controller is built from and how it is run: the context with client, informers, clock and meters, and the seam by
 * which the service starts and stops it.
 *
 * <p>Enter at {@link io.vertikube.controller.frame.ControllerContext}. It must not know any particular controller.
 */
@NullMarked
package io.vertikube.controller.frame;

import org.jspecify.annotations.NullMarked;
