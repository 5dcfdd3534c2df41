/**
 * Volumes of CSI drivers are attached to the nodes whose pods use them, and detached when nobody there does: by
 * VolumeAttachments, which the drivers' own attachers carry out. Enter at
 * {@link io.vertikube.controller.attachdetach.AttachDetachReconciler}; what is decided is in {@code AttachPlan}.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume-attachment-v1/">
 *     VolumeAttachment</a>
 */
@NullMarked
package io.vertikube.controller.attachdetach;

import org.jspecify.annotations.NullMarked;
