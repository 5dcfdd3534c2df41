/**
 * What the machine need not keep: images that no container uses, containers that have ended ("Garbage collection" in the
 * documentation). And who may have an image that is there: {@link io.vertikube.kubelet.images.ImageGuard}.
 *
 * <p>Enter at {@link io.vertikube.kubelet.images.ImageCollection} and {@link
 * io.vertikube.kubelet.images.DeadContainers}; which ones go is decided by {@link io.vertikube.kubelet.images.ImagePlan}
 * and {@link io.vertikube.kubelet.images.DeadContainerPlan}, which are pure.
 */
@NullMarked
package io.vertikube.kubelet.images;

import org.jspecify.annotations.NullMarked;
