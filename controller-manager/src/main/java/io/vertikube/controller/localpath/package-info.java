/**
 * The provisioner that every cluster has: a volume is a folder on the node of its first pod. Enter at {@link
 * io.vertikube.controller.localpath.LocalPathReconciler}. It only writes objects; the folder is made by the kubelet when the
 * volume is first used, and removed by it when the volume's object is gone.
 */
@NullMarked
package io.vertikube.controller.localpath;

import org.jspecify.annotations.NullMarked;
