/**
 * This machine as a Node: registration, status, lease, and the pod network on it.
 *
 * <p>Enter at {@link io.vertikube.kubelet.node.NodeAgent}. {@link io.vertikube.kubelet.node.NodeStatusPlan} is pure; the
 * machine is read in {@link io.vertikube.kubelet.node.Machine} alone. This package knows no pods.
 */
@NullMarked
package io.vertikube.kubelet.node;

import org.jspecify.annotations.NullMarked;
