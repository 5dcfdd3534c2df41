/**
 * Which pods of lower priority have to go so that one of higher priority fits. Enter at
 * {@link io.vertikube.scheduler.preemption.PreemptionPlan}. Pure; it evicts nothing itself.
 */
@NullMarked
package io.vertikube.scheduler.preemption;

import org.jspecify.annotations.NullMarked;
