/**
 * What a pod may use: QoS class and limits as numbers, and the cgroups that hold pods.
 *
 * <p>Enter at {@link io.vertikube.kubelet.cgroup.PodResources} (pure) and {@link io.vertikube.kubelet.cgroup.PodCgroups}.
 * Containers' own cgroups are the runtime's.
 */
@NullMarked
package io.vertikube.kubelet.cgroup;

import org.jspecify.annotations.NullMarked;
