/**
 * Cluster roles whose rules are the union of others', by an aggregation rule. Enter at {@link
 * io.vertikube.controller.clusterrole.AggregationReconciler}. It knows rules only as values to put together, not what
 * they permit.
 *
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles">Aggregated
 *     ClusterRoles</a>
 */
@NullMarked
package io.vertikube.controller.clusterrole;

import org.jspecify.annotations.NullMarked;
