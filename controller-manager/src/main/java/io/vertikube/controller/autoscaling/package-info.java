/**
 * HorizontalPodAutoscalers: as many pods as their load asks for, through the {@code scale} of any resource.
 *
 * <p>Enter at {@link io.vertikube.controller.autoscaling.AutoscalerReconciler}. {@code MetricsApi} and {@code ScaleTarget}
 * read and write; {@code PodReplicas} (how many by a metric), {@code ScalingRules} (how far at once) and {@code ScalingPlan}
 * (what then is done and said) are pure, and time is a parameter of theirs.
 */
@NullMarked
package io.vertikube.controller.autoscaling;

import org.jspecify.annotations.NullMarked;
