/**
 * CronJobs: a Job at each time of a schedule. Enter at {@link io.vertikube.controller.cronjob.CronJobReconciler}; what it
 * decides is {@link io.vertikube.controller.cronjob.CronJobPlan}. What becomes of the Jobs is the job controller's.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/">CronJob</a>
 */
@NullMarked
package io.vertikube.controller.cronjob;

import org.jspecify.annotations.NullMarked;
