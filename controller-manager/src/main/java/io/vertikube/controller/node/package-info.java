/**
 * Node lifecycle: notices nodes that fell silent, says so in their conditions, taints them, and marks their pods not ready.
 *
 * <p>Enter at {@link io.vertikube.controller.node.NodeLifecycleReconciler}; {@code NodeHealthPlan} judges silence and {@code
 * NodeTaintPlan} chooses taints. What taints do to running pods is the {@code taint} package's business.
 */
@NullMarked
package io.vertikube.controller.node;

import org.jspecify.annotations.NullMarked;
