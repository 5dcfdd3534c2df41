/**
 * Pod garbage collection: removes pods that nobody else will: those of nodes that are gone, those that ended long ago and are too
 * many, and those that were deleted before they were given a node.
 *
 * <p>Enter at {@link io.vertikube.controller.podgc.PodGcReconciler}; {@code PodGcPlan} chooses. It must not know owners.
 */
@NullMarked
package io.vertikube.controller.podgc;

import org.jspecify.annotations.NullMarked;
