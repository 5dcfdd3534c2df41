/**
 * What the node does before it runs out of memory, disk or processes: signals, thresholds, conditions, and which pod has
 * to go ("Node-pressure Eviction" in the documentation).
 *
 * <p>Enter at {@link io.vertikube.kubelet.eviction.Evictions}; the decisions are pure: {@link
 * io.vertikube.kubelet.eviction.EvictionPlan}, {@link io.vertikube.kubelet.eviction.EvictionRanking}, {@link
 * io.vertikube.kubelet.eviction.StorageLimits}. How a pod ends is the pod worker's.
 */
@NullMarked
package io.vertikube.kubelet.eviction;

import org.jspecify.annotations.NullMarked;
