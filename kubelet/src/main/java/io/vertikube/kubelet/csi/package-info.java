/**
 * Storage drivers on this machine: how they become known, what they are asked, and which volumes they hold for which pod.
 *
 * <p>Enter at {@link io.vertikube.kubelet.csi.CsiMounts} (volumes) and {@link io.vertikube.kubelet.csi.PluginRegistry}
 * (drivers). Which volumes there are is on disk, beside the mounts, so that a new kubelet knows all that the last one knew.
 * This package knows neither claims nor pods' state.
 *
 * @see <a href="https://github.com/container-storage-interface/spec/blob/master/spec.md">Container Storage Interface</a>
 */
@NullMarked
package io.vertikube.kubelet.csi;

import org.jspecify.annotations.NullMarked;
