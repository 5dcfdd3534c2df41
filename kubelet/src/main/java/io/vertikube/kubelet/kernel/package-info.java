/**
 * What the kubelet asks of the Linux kernel directly: mounts, and opening paths that must not lead out of a folder.
 *
 * <p>Enter at {@link io.vertikube.kubelet.kernel.Mounts}. The only package with native calls; it knows nothing of pods.
 */
@NullMarked
package io.vertikube.kubelet.kernel;

import org.jspecify.annotations.NullMarked;
