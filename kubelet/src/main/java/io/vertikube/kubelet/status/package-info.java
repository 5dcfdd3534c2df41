/**
 * What the API is told of a pod: {@link io.vertikube.kubelet.status.PodStatusPlan} computes it, {@link
 * io.vertikube.kubelet.status.StatusWriter} writes it when it changed.
 */
@NullMarked
package io.vertikube.kubelet.status;

import org.jspecify.annotations.NullMarked;
