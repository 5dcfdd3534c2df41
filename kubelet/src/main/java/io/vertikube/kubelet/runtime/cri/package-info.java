/**
 * The runtime seam over CRI v1: gRPC on a unix socket, to containerd, CRI-O or any other.
 *
 * <p>Enter at {@link io.vertikube.kubelet.runtime.cri.CriRuntime}. Nothing here is specific to one runtime, and no
 * generated type leaves the package.
 */
@NullMarked
package io.vertikube.kubelet.runtime.cri;

import org.jspecify.annotations.NullMarked;
