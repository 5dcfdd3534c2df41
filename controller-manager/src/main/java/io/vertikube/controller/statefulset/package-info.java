/**
 * StatefulSet: numbered pods with names, order and volumes of their own.
 *
 * <p>Enter at {@link io.vertikube.controller.statefulset.StatefulSetReconciler}; {@code StatefulSetPlan} decides the next steps,
 * {@code StatefulPod} makes pods and claims, {@code ClaimRetention} says who owns claims. It must not know how volumes are made.
 */
@NullMarked
package io.vertikube.controller.statefulset;

import org.jspecify.annotations.NullMarked;
