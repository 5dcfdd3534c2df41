/**
 * Counts what the objects of a namespace use of its quotas. Enter at {@link
 * io.vertikube.controller.quota.QuotaReconciler}. Admission charges what is created; here is given back what is gone, and
 * put right what was charged for nothing.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/policy/resource-quotas/">Resource Quotas</a>
 */
@NullMarked
package io.vertikube.controller.quota;

import org.jspecify.annotations.NullMarked;
