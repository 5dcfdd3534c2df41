/**
 * Deployment: one ReplicaSet a template, and the way from the old ones to the new one.
 *
 * <p>Enter at {@link io.vertikube.controller.deployment.DeploymentReconciler}. {@code DeploymentPlan} decides, with {@code
 * Rollout} (the two strategies), {@code Scaling} (spreading a new size), {@code Revisions} (numbers and annotations) and {@code
 * RolloutStatus} (counts and conditions) beside it. It must not know pods beyond whether old ones still run.
 */
@NullMarked
package io.vertikube.controller.deployment;

import org.jspecify.annotations.NullMarked;
