/**
 * Whether this node takes a pod that somebody bound to it: room, labels, ports, taints ("Node-pressure" apart, which is {@code
 * eviction}'s).
 *
 * <p>Enter at {@link io.vertikube.kubelet.admission.NodeAdmission}; the rules are {@link
 * io.vertikube.kubelet.admission.NodeFit}, which is pure. Knows nothing of containers.
 */
@NullMarked
package io.vertikube.kubelet.admission;

import org.jspecify.annotations.NullMarked;
