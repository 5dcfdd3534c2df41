/**
 * Beyond Kubernetes: rolls a workload that asks for it when a ConfigMap or Secret it reads has changed.
 *
 * <p>Enter at {@link io.vertikube.controller.configrollout.ConfigRolloutController}. It must not know how workloads roll: it writes
 * an annotation of the pod template, no more.
 */
@NullMarked
package io.vertikube.controller.configrollout;

import org.jspecify.annotations.NullMarked;
