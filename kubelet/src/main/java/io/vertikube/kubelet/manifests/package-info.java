/**
 * Static pods: manifests in a folder of this machine or behind an address, and their mirrors in the API ("Create static Pods" in the
 * documentation).
 *
 * <p>Enter at {@link io.vertikube.kubelet.manifests.StaticPods}, which reads, and {@link
 * io.vertikube.kubelet.manifests.Mirrors}, which tells the API. How pods are run is no business of this package.
 */
@NullMarked
package io.vertikube.kubelet.manifests;

import org.jspecify.annotations.NullMarked;
