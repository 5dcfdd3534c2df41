/**
 * Job: pods that run to their end, so many times and no more.
 *
 * <p>Enter at {@link io.vertikube.controller.job.JobReconciler}. {@code JobPlan} decides, on a {@code JobTally} of the pods;
 * {@code FailurePolicy} and {@code SuccessPolicy} judge single pods and sets of indexes; {@code JobPod} makes pods; {@code
 * TtlReconciler} removes Jobs that ended long ago. It must not know CronJobs.
 */
@NullMarked
package io.vertikube.controller.job;

import org.jspecify.annotations.NullMarked;
