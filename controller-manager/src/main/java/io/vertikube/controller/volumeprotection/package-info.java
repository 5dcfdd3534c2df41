/**
 * Storage that is in use is not removed: claims wait for their pods, volumes for their claims, by finalizers that are taken
 * off here. Enter at {@link io.vertikube.controller.volumeprotection.ProtectionReconciler}.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection">Storage Object
 *     in Use Protection</a>
 */
@NullMarked
package io.vertikube.controller.volumeprotection;

import org.jspecify.annotations.NullMarked;
