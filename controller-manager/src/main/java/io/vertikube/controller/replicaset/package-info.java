/**
 * ReplicaSet: as many pods as asked for. ReplicationController shares it through
 * {@link io.vertikube.controller.replicaset.ReplicaKind}.
 *
 * <p>Enter at {@link io.vertikube.controller.replicaset.ReplicaSetReconciler}; the decisions are in
 * {@link io.vertikube.controller.replicaset.ReplicaSetPlan} and
 * {@link io.vertikube.controller.replicaset.ReplicaSetStatusPlan}. It must not know Deployments.
 */
@NullMarked
package io.vertikube.controller.replicaset;

import org.jspecify.annotations.NullMarked;
