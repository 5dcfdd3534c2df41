/**
 * Pod disruption budgets: how many pods of a selection may be missing, kept in the budget's status, which the eviction
 * subresource spends from. Enter at {@link io.vertikube.controller.disruption.DisruptionReconciler}; what it decides is
 * {@link io.vertikube.controller.disruption.BudgetPlan}. It never evicts anything itself.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/run-application/configure-pdb/">Specifying a disruption budget</a>
 */
@NullMarked
package io.vertikube.controller.disruption;

import org.jspecify.annotations.NullMarked;
