/**
 * A pod's volumes as folders of this machine: made before its sandbox, refreshed while it runs, taken away after it.
 *
 * <p>Enter at {@link io.vertikube.kubelet.volume.PodVolumes}. A kind of volume is one {@code VolumePlugin} and one row
 * there. This package knows the API's volume types but neither the runtime nor the pod's state.
 */
@NullMarked
package io.vertikube.kubelet.volume;

import org.jspecify.annotations.NullMarked;
