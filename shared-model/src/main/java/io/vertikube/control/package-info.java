/**
 * What makes a controller of a reconciler: queue, workers, back-off, leadership, events.
 *
 * <p>Enter at {@link io.vertikube.control.Controller}. A reconciler is told a key and nothing else; doing it twice is
 * harmless, and a failure is tried again later by the controller, never by the reconciler.
 */
@NullMarked
package io.vertikube.control;

import org.jspecify.annotations.NullMarked;
