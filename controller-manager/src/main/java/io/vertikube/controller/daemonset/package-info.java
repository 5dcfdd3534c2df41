/**
 * DaemonSet: one pod on every node that fits.
 *
 * <p>Enter at {@link io.vertikube.controller.daemonset.DaemonSetReconciler}; {@code DaemonSetPlan} decides what is created and
 * deleted, {@code NodeFit} which nodes fit, {@code DaemonPod} makes pods. It must not know how the scheduler binds them.
 */
@NullMarked
package io.vertikube.controller.daemonset;

import org.jspecify.annotations.NullMarked;
