/**
 * Resizing running pods in place: what each container was granted, what it was given, and what may be granted now
 * ("Resize CPU and Memory Resources assigned to Containers" in the documentation, KEP-1287).
 *
 * <p>Enter at {@link io.vertikube.kubelet.resize.Allocations}, what is known, and {@link
 * io.vertikube.kubelet.resize.ResizePlan}, which is pure. Pods' workers do what was decided.
 */
@NullMarked
package io.vertikube.kubelet.resize;

import org.jspecify.annotations.NullMarked;
