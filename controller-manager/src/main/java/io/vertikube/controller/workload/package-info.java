/**
 * What controllers that own objects share: reading a pod's state, owner references, adoption and release, expectations,
 * making pods from a template, slow-start batches, and the order in which surplus pods go.
 *
 * <p>Enter at {@link io.vertikube.controller.workload.Pods} for reading and at
 * {@link io.vertikube.controller.workload.PodWrites} for writing. It must not know any particular controller.
 */
@NullMarked
package io.vertikube.controller.workload;

import org.jspecify.annotations.NullMarked;
